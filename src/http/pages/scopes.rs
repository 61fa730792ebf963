//! Scopes as people read them: the operator's own in the operator's words, the protocol's in ours.

use crate::app::App;
use crate::http::views::scope::ScopeLine;
use crate::model::Scope;

/// What the scope lets an application do.
pub(super) fn scope_label(app: &App, scope: &Scope) -> String {
    let own = app.cx.scopes.label(scope).map(ToString::to_string);
    own.unwrap_or_else(|| app.words.scope_label(scope.as_str()))
}

/// The scope as a line of a page; `new` when the application asks for it for the first time.
pub(super) fn scope_line(app: &App, scope: &Scope, new: bool) -> ScopeLine {
    let own = app.cx.scopes.label(scope).map(ToString::to_string);
    let short = own.unwrap_or_else(|| app.words.scope_short(scope.as_str()));
    ScopeLine { label: scope_label(app, scope), short, dangerous: app.cx.scopes.is_dangerous(scope), new }
}
