//! The service itself, in this process, on ports of its own and with a database of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use diesel::RunQueryDsl;
use hallpass::app::App;
use hallpass::config::{Config, FileSource, Sources};
use hallpass::courier::Courier;
use hallpass::crypto::Random;
use hallpass::domain::{accounts, housekeeping};
use hallpass::http;
use hallpass::model::{Clock as _, NewUser, Origin, Staff, TrustLevel, UserId, Username};
use hallpass::worker::Worker;
use secrecy::SecretString;
use tempfile::TempDir;

use super::clock::TestClock;
use super::database::TestDatabase;
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
    home: Home,
    said: Said,
}

/// Where it keeps its things.
#[derive(Clone)]
struct Home {
    folder: Arc<TempDir>,
    database: Arc<TestDatabase>,
}

/// What its operator says.
#[derive(Clone, Default)]
struct Said {
    file: String,
    flags: Vec<(String, String)>,
    /// How long a push may take, in place of the usual.
    patience: Option<Duration>,
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
        Self::new(Said { file: file.to_owned(), flags: own(settings), patience: None }).await
    }

    /// With these settings; a push may take as long as this.
    pub(crate) async fn with_patience(patience: Duration, settings: &[(&str, &str)]) -> Self {
        Self::new(Said { file: String::new(), flags: own(settings), patience: Some(patience) }).await
    }

    async fn new(said: Said) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Arc::new(TestDatabase::new(folder.path()));
        Self::run(Home { folder: Arc::new(folder), database }, Arc::new(TestClock::default()), said).await
    }

    /// With default settings, on this database.
    pub(crate) async fn on(database: TestDatabase) -> Self {
        let home = Home { folder: Arc::new(tempfile::tempdir().unwrap()), database: Arc::new(database) };
        Self::run(home, Arc::new(TestClock::default()), Said::default()).await
    }

    /// Ends the service as an operator does, and starts it anew on the same database. The clock goes on.
    pub(crate) async fn again(self) -> Self {
        let worker = Worker::start(&self.app);
        self.stop().await;
        worker.stop().await;
        Self::run(self.home, self.clock, self.said).await
    }

    /// Ends it and starts it anew with a configuration file of this text.
    pub(crate) async fn again_with_file(mut self, file: &str) -> Self {
        file.clone_into(&mut self.said.file);
        self.again().await
    }

    /// Another process on the same database, with other settings beside these. This one goes on.
    pub(crate) async fn beside(&self, settings: &[(&str, &str)]) -> Self {
        let mut said = self.said.clone();
        said.flags.extend(own(settings));
        Self::run(self.home.clone(), Arc::clone(&self.clock), said).await
    }

    async fn run(home: Home, clock: Arc<TestClock>, said: Said) -> Self {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let bound = http::bind(any, any).unwrap();
        let (public, internal) = (bound.public, bound.internal);
        let mut flags = home.database.settings(home.folder.path());
        flags.push(("server.public_url".to_owned(), format!("http://{public}")));
        let told = |(key, value): &(String, String)| (key.clone(), value.replace("{public}", &public.to_string()));
        flags.extend(said.flags.iter().map(told));
        let file = Some(FileSource { path: "hallpass.toml".into(), text: said.file.clone() });
        let config =
            Config::load(&Sources { file, flags, ..Sources::default() }).unwrap_or_else(|faults| panic!("{faults}"));
        let base = format!("http://{public}{}", config.server.public_url.base_path());
        let clock_of_app: Arc<dyn hallpass::model::Clock> = clock.clone();
        let networks = config.user_api.allowed_user_api_push_networks.clone();
        let mut app = App::build(config, clock_of_app, Random::from_os()).await.unwrap();
        if let Some(patience) = said.patience {
            app.sender.courier = Courier::new(networks, patience).unwrap();
        }
        let app = Arc::new(app);
        app.cx.store.hear_others(clock.now()).await.unwrap();
        let (public_server, internal_server, handles) = bound.start(&Data::from(Arc::clone(&app))).unwrap();
        actix_web::rt::spawn(public_server);
        actix_web::rt::spawn(internal_server);
        Self { base, internal: format!("http://{internal}"), clock, app, handles, home, said }
    }

    /// Where it keeps its files.
    pub(crate) fn folder(&self) -> &Path {
        self.home.folder.path()
    }

    /// Its database.
    pub(crate) fn database(&self) -> &TestDatabase {
        &self.home.database
    }

    /// The one number that this query gives; `None` for null or no row.
    pub(crate) fn number(&self, query: &str) -> Option<i64> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::BigInt>)]
            number: Option<i64>,
        }
        let query = format!("SELECT CAST(({query}) AS BIGINT) AS number");
        let row = diesel::sql_query(&query).get_result::<Row>(&mut self.database().connect());
        row.unwrap_or_else(|error| panic!("{query}: {error}")).number
    }

    /// Does this to the database behind the service's back, and lets the service notice.
    pub(crate) async fn execute(&self, statement: &str) {
        self.execute_unnoticed(statement);
        self.hear().await;
    }

    /// Takes in what other processes changed, as the worker does all the time.
    pub(crate) async fn hear(&self) {
        self.app.cx.store.hear_others(self.clock.now()).await.unwrap();
    }

    /// Does this to the database behind the service's back.
    pub(crate) fn execute_unnoticed(&self, statement: &str) {
        self.database().execute(statement);
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

fn own(settings: &[(&str, &str)]) -> Vec<(String, String)> {
    settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
