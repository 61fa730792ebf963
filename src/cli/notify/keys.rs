//! Where keys are kept: a file for its owner's eyes.

use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::cli::handshake::Site;

/// A key of one site, and the name of the installation it belongs to.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) key: SecretString,
    pub(super) client_id: String,
}

/// The file, one JSON object: each site with its key.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    file: PathBuf,
}

impl Keys {
    /// In this file, or where programs keep such things.
    pub(super) fn at(file: Option<&Path>) -> anyhow::Result<Self> {
        let file = file.map(Path::to_path_buf).or_else(usual_place);
        let file = file.context("there is no home folder to keep keys in: name a file with --keys")?;
        Ok(Self { file: std::path::absolute(file)? })
    }

    /// The key of a site, if there is one.
    pub(super) fn find(&self, site: &Site) -> anyhow::Result<Option<Kept>> {
        let Some(entry) = self.read()?.remove(&site.to_string()) else { return Ok(None) };
        let kept = kept(&entry);
        kept.map(Some).with_context(|| {
            format!("{} has no key and client_id for {site}: take the site out of it", self.file.display())
        })
    }

    /// Keeps a key, in the place of any other for the site.
    pub(super) fn put(&self, site: &Site, kept: &Kept) -> anyhow::Result<()> {
        let entry = json!({ "key": kept.key.expose_secret(), "client_id": kept.client_id });
        self.change(|all| drop(all.insert(site.to_string(), entry)))
    }

    /// Forgets this key of a site, but not one that took its place meanwhile.
    pub(super) fn forget(&self, site: &Site, gone: &Kept) -> anyhow::Result<()> {
        self.change(|all| {
            let name = site.to_string();
            if all.get(&name).and_then(kept_by).is_some_and(|client_id| client_id == gone.client_id) {
                all.shift_remove(&name);
            }
        })
    }

    /// The file is replaced as a whole, and one program at a time does that.
    fn change(&self, change: impl FnOnce(&mut Map<String, Value>)) -> anyhow::Result<()> {
        let folder = self.file.parent().context("--keys has to name a file")?;
        let about = || format!("keys cannot be kept in {}", folder.display());
        DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(about)?;
        let lock = File::open(folder).with_context(about)?;
        lock.lock().with_context(about)?;
        let mut all = self.read()?;
        change(&mut all);
        self.write(folder, &all).with_context(about)
    }

    /// A temporary file has mode 0600 from the start.
    fn write(&self, folder: &Path, all: &Map<String, Value>) -> anyhow::Result<()> {
        let text = Zeroizing::new(serde_json::to_string_pretty(all)?);
        let mut draft = NamedTempFile::new_in(folder)?;
        writeln!(draft, "{}", *text)?;
        draft.as_file().sync_all()?;
        draft.persist(&self.file)?;
        Ok(())
    }

    fn read(&self) -> anyhow::Result<Map<String, Value>> {
        let about = || format!("the keys in {} cannot be read", self.file.display());
        let mut file = match File::open(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Map::new()),
            opened => opened.with_context(about)?,
        };
        self.ensure_private(&file)?;
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).with_context(about)?;
        // The parser's own words could repeat a part of a key.
        match serde_json::from_str(&text) {
            Ok(Value::Object(all)) => Ok(all),
            _ => bail!("{} is not the JSON object that keys are kept in: move it away", self.file.display()),
        }
    }

    fn ensure_private(&self, file: &File) -> anyhow::Result<()> {
        let mode = file.metadata()?.permissions().mode() & 0o7777;
        let name = self.file.display();
        let for_others = mode & 0o077;
        ensure!(
            for_others == 0,
            "{name} can be read by others (its mode is {mode:04o}): chmod 600 {name}, and end its keys at the sites if somebody did"
        );
        Ok(())
    }
}

fn kept(entry: &Value) -> Option<Kept> {
    let key =
        entry.get("key")?.as_str().filter(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()))?;
    Some(Kept { key: SecretString::from(key), client_id: kept_by(entry)?.to_owned() })
}

fn kept_by(entry: &Value) -> Option<&str> {
    entry.get("client_id")?.as_str()
}

fn usual_place() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let settings = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(settings.join("hallpass/keys.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> Site {
        Site::parse(text).unwrap()
    }

    fn new(client_id: &str) -> Kept {
        Kept { key: SecretString::from("0f0f"), client_id: client_id.to_owned() }
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn keys_are_found_again_in_a_file_that_is_its_owners_alone() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a/b/keys.json");
        let keys = Keys::at(Some(&file)).unwrap();
        assert!(keys.find(&site("example.org")).unwrap().is_none());
        keys.put(&site("example.org"), &new("one")).unwrap();
        keys.put(&site("example.org/forum"), &new("two")).unwrap();
        assert_eq!(keys.find(&site("https://example.org/")).unwrap().unwrap().client_id, "one");
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
        keys.forget(&site("example.org"), &new("another")).unwrap();
        assert!(keys.find(&site("example.org")).unwrap().is_some());
        keys.forget(&site("example.org"), &new("one")).unwrap();
        assert!(keys.find(&site("example.org")).unwrap().is_none());
        assert!(keys.find(&site("example.org/forum")).unwrap().is_some());
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_and_no_key_is_repeated() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("keys.json");
        let keys = Keys::at(Some(&file)).unwrap();
        keys.put(&site("example.org"), &new("one")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        let refused = keys.find(&site("example.org")).unwrap_err().to_string();
        assert!(refused.contains("0640") && refused.contains("chmod 600"), "{refused}");
        assert!(keys.put(&site("example.org"), &new("two")).is_err());
        assert!(!format!("{:?} {refused}", new("one")).contains("0f0f"));
    }

    #[test]
    fn a_file_of_another_kind_is_refused_and_stays_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("keys.json");
        let keys = Keys::at(Some(&file)).unwrap();
        keys.put(&site("example.org"), &new("one")).unwrap();
        for text in ["", "[]", "0f0f", "{\"https://example.org\":"] {
            std::fs::write(&file, text).unwrap();
            let refused = keys.put(&site("example.org"), &new("two")).unwrap_err().to_string();
            assert!(refused.contains("move it away") && !refused.contains("0f0f"), "{text}: {refused}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        }
        for entry in ["7", "{}", "{\"key\":\"\",\"client_id\":\"a\"}", "{\"key\":\"a\\nb\",\"client_id\":\"a\"}"] {
            std::fs::write(&file, format!("{{\"https://example.org\":{entry}}}")).unwrap();
            assert!(keys.find(&site("example.org")).is_err(), "{entry}");
        }
    }
}
