//! The service itself, in this process, on ports of its own and with a database of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use diesel::connection::SimpleConnection;
use diesel::{Connection, RunQueryDsl, SqliteConnection};
use hallpass::app::App;
use hallpass::config::{Config, FileSource, Sources};
use hallpass::crypto::Random;
use hallpass::domain::{accounts, housekeeping};
use hallpass::http;
use hallpass::model::{NewUser, Origin, Staff, TrustLevel, UserId, Username};
use hallpass::worker::Worker;
use secrecy::SecretString;
use tempfile::TempDir;

use super::clock::TestClock;
use super::{ClientApp, PASSWORD, Visitor};

/// A running service.
pub(crate) struct TestApp {
    /// Its address, with the path of `public_url`, without a slash at the end.
    pub(crate) base: String,
    /// The address of the internal listener.
    pub(crate) internal: String,
    /// Its clock.
    pub(crate) clock: Arc<TestClock>,
    /// What the service is made of, for what cannot be seen from outside.
    pub(crate) app: Arc<App>,
    handles: [ServerHandle; 2],
    folder: Arc<TempDir>,
    said: Said,
}

/// What its operator says.
#[derive(Clone)]
struct Said {
    file: String,
    flags: Vec<(String, String)>,
}

impl TestApp {
    /// With default settings.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these settings: `("user_api.max_user_api_reqs_per_minute", "3")`.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        Self::with_file("", settings).await
    }

    /// With a configuration file of this text, and these settings beside it.
    pub(crate) async fn with_file(file: &str, settings: &[(&str, &str)]) -> Self {
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let said = Said { file: file.to_owned(), flags: settings.iter().map(own).collect() };
        Self::run(Arc::new(tempfile::tempdir().unwrap()), Arc::new(TestClock::default()), said).await
    }

    /// Ends the service as an operator does, and starts it anew on the same database. The clock goes on.
    pub(crate) async fn again(self) -> Self {
        let worker = Worker::start(&self.app);
        self.stop().await;
        worker.stop().await;
        Self::run(self.folder, self.clock, self.said).await
    }

    /// Ends it and starts it anew with a configuration file of this text.
    pub(crate) async fn again_with_file(mut self, file: &str) -> Self {
        file.clone_into(&mut self.said.file);
        self.again().await
    }

    /// Another process on the same database, with other settings beside these. This one goes on.
    pub(crate) async fn beside(&self, settings: &[(&str, &str)]) -> Self {
        let more = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let mut said = self.said.clone();
        said.flags.extend(more);
        Self::run(Arc::clone(&self.folder), Arc::clone(&self.clock), said).await
    }

    async fn run(folder: Arc<TempDir>, clock: Arc<TestClock>, said: Said) -> Self {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let bound = http::bind(any, any).unwrap();
        let (public, internal) = (bound.public, bound.internal);
        let own = |key: &str, value: String| (key.to_owned(), value);
        let mut flags = vec![
            own("database.url", format!("sqlite://{}", folder.path().join("hallpass.db").display())),
            own("server.public_url", format!("http://{public}")),
        ];
        flags.extend(said.flags.iter().map(|(key, value)| own(key, value.replace("{public}", &public.to_string()))));
        let file = Some(FileSource { path: "hallpass.toml".into(), text: said.file.clone() });
        let config =
            Config::load(&Sources { file, flags, ..Sources::default() }).unwrap_or_else(|faults| panic!("{faults}"));
        let base = format!("http://{public}{}", config.server.public_url.base_path());
        let clock_of_app: Arc<dyn hallpass::model::Clock> = clock.clone();
        let app = Arc::new(App::build(config, clock_of_app, Random::from_os()).await.unwrap());
        let (public_server, internal_server, handles) = bound.start(&Data::from(Arc::clone(&app))).unwrap();
        actix_web::rt::spawn(public_server);
        actix_web::rt::spawn(internal_server);
        Self { base, internal: format!("http://{internal}"), clock, app, handles, folder, said }
    }

    /// Where its database is: `hallpass.db`.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The one number that this query gives; `None` for null or no row.
    pub(crate) fn number(&self, query: &str) -> Option<i64> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::BigInt>)]
            number: Option<i64>,
        }
        let row = diesel::sql_query(format!("SELECT ({query}) AS number")).get_result::<Row>(&mut self.database());
        row.unwrap_or_else(|error| panic!("{query}: {error}")).number
    }

    /// Does this to the database behind the service's back, and lets the service notice.
    pub(crate) async fn execute(&self, statement: &str) {
        self.execute_unnoticed(statement);
        self.app.cx.store.hear_others().await.unwrap();
    }

    /// Does this to the database behind the service's back.
    pub(crate) fn execute_unnoticed(&self, statement: &str) {
        diesel::sql_query(statement)
            .execute(&mut self.database())
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    fn database(&self) -> SqliteConnection {
        let path = self.folder().join("hallpass.db");
        let mut database = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        database.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
        database
    }

    /// Ends the service as a signal would, requests in flight first.
    pub(crate) async fn stop(&self) {
        for handle in &self.handles {
            handle.stop(true).await;
        }
    }

    /// Makes an account with [`PASSWORD`].
    pub(crate) async fn account(&self, name: &str, change: impl FnOnce(&mut NewUser)) -> UserId {
        let mut user = NewUser {
            username: Username::parse(name).unwrap(),
            name: String::new(),
            email: None,
            staff: Staff::default(),
            trust_level: TrustLevel::default(),
            named_groups: std::collections::BTreeSet::new(),
        };
        change(&mut user);
        accounts::create(&self.app.cx, user, SecretString::from(PASSWORD), Origin::default()).await.unwrap()
    }

    /// Nobody: a browser that was never here.
    pub(crate) fn anonymous(&self) -> Visitor {
        Visitor::new(&self.base)
    }

    /// Somebody with an account of that name, signed in.
    pub(crate) async fn user(&self, name: &str) -> Visitor {
        self.account(name, |_| {}).await;
        self.sign_in(name).await
    }

    /// An administrator, signed in.
    pub(crate) async fn admin(&self, name: &str) -> Visitor {
        self.account(name, |user| user.staff.admin = true).await;
        self.sign_in(name).await
    }

    /// Signs in somebody who has an account.
    pub(crate) async fn sign_in(&self, name: &str) -> Visitor {
        let visitor = self.anonymous();
        let answer = visitor.sign_in(name, PASSWORD).await;
        assert!(answer.json()["user"].is_object(), "{answer:?}");
        visitor
    }

    /// An application that nobody registered.
    pub(crate) fn client_app(&self) -> ClientApp {
        ClientApp::new(&self.base)
    }

    /// Keeps what the worker keeps from time to time.
    pub(crate) async fn flush(&self) {
        housekeeping::flush(&self.app.cx).await.unwrap();
    }

    /// A program that holds a key of a new user `ada` with these scopes.
    pub(crate) async fn key(&self, scopes: &str) -> Visitor {
        let ada = self.user("ada").await;
        let application = self.client_app().scopes(scopes);
        ada.holder_of(&application.approved_by(&ada).await.key)
    }
}
