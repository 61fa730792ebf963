//! What came back, taken whole.

use std::fmt::{self, Debug};

use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// A status, headers and a body.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.text().await? })
    }

    /// A header's value; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The body as JSON, which it has to be.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// The cookies that this answer sets, each as it was written.
    pub(crate) fn cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// The first of `errors`.
    pub(crate) fn error(&self) -> String {
        self.json()["errors"][0].as_str().unwrap_or_default().to_owned()
    }

    /// The value of the hidden field of this name on the page.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&field).unwrap_or_else(|| panic!("no field {name}: {self:?}"));
        plain(rest.split('"').next().unwrap())
    }

    /// The hidden fields of the form that posts to an address ending so, to post them back.
    pub(crate) fn form_fields(&self, action: &str) -> Vec<(String, String)> {
        let start = format!("{action}\"");
        let (_, rest) = self.body.split_once(&start).unwrap_or_else(|| panic!("no form {action}: {self:?}"));
        let form = rest.split("</form>").next().unwrap();
        let field = |tag: &str| {
            let (name, value) = tag.split_once("\" value=\"")?;
            Some((name.to_owned(), plain(value.split('"').next()?)))
        };
        form.split("type=\"hidden\" name=\"").skip(1).filter_map(field).collect()
    }
}

/// What a browser reads in an attribute.
fn plain(value: &str) -> String {
    ["&#34;", "&#38;", "&#39;", "&#60;", "&#62;", "&quot;", "&amp;", "&lt;", "&gt;"]
        .into_iter()
        .zip(["\"", "&", "'", "<", ">", "\"", "&", "<", ">"])
        .fold(value.to_owned(), |text, (entity, plain)| text.replace(entity, plain))
}

impl Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {:#?}", self.status, self.headers)?;
        f.write_str(self.body.get(..3000).unwrap_or(&self.body))
    }
}
