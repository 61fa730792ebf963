//! A form on a page, as a browser sends it.

use super::{Answer, Visitor};

/// A form with the hidden fields that the page put into it.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Answer {
    /// The form that posts to this path.
    pub(crate) fn form(&self, action: &str) -> Form {
        let begin = format!("action=\"{action}\"");
        let (_, rest) = self.body.split_once(&begin).unwrap_or_else(|| panic!("no form to {action}: {self:?}"));
        let (inside, _) = rest.split_once("</form>").unwrap();
        let hidden = inside.split("<input type=\"hidden\" name=\"").skip(1).map(|input| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            (plain(name), plain(rest.split('"').next().unwrap()))
        });
        Form { action: action.to_owned(), fields: hidden.collect() }
    }
}

impl Form {
    /// The value of a field, which has to be there.
    pub(crate) fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(field, _)| field == name);
        &field.unwrap_or_else(|| panic!("no field {name}: {self:?}")).1
    }

    /// With this value of a field, which is added where the page has none.
    pub(crate) fn fill(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some(field) => value.clone_into(&mut field.1),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Without a field.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Presses the button. Line breaks go out as CR LF, whatever they were on the page.
    pub(crate) async fn submit(&self, visitor: &Visitor) -> Answer {
        let line_breaks = |text: &str| text.replace("\r\n", "\n").replace(['\r', '\n'], "\r\n");
        let sent: Vec<_> = self.fields.iter().map(|(name, value)| (name, line_breaks(value))).collect();
        visitor.html().post_form(&self.action, &sent).await
    }
}

/// Text of a page without its entities, each read once.
fn plain(text: &str) -> String {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';').unwrap();
        let code = entity.strip_prefix('#').map(|digits| digits.parse().unwrap());
        plain.push(code.and_then(char::from_u32).unwrap_or_else(|| panic!("&{entity};")));
        plain.push_str(rest);
    }
    plain
}
