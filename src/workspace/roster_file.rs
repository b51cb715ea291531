//! The text of a roster file, written so that a clerk can read it
//! (`contract-details.md` D).

use std::fmt::Write as _;

/// What is written into a roster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RosterDraft {
    /// From 1.
    pub version: u32,
    /// `sha256:…` of the version before; none in version 1.
    pub previous: Option<String>,
    /// Profile of every policy set, unless it is `strict`.
    pub default_profile: Option<String>,
    /// Ids of the root persons.
    pub roots: Vec<String>,
    /// How many of them must agree to a change.
    pub threshold: usize,
    /// Everybody, roots and publishers included.
    pub people: Vec<PersonDraft>,
}

/// A person in a roster draft.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonDraft {
    /// Id such as `li.si`.
    pub id: String,
    /// 姓名.
    pub name: String,
    /// 职务.
    pub post: String,
    /// As used in commits.
    pub emails: Vec<String>,
    /// English names of the steps the person may take.
    pub steps: Vec<String>,
    /// Public key and what it may sign: `review`, `root`, `publish`.
    pub keys: Vec<(String, &'static str)>,
}

/// A TOML basic string.
pub(super) fn quote(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(items: &[String]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| quote(item)).collect();
    format!("[{}]", quoted.join(", "))
}

impl RosterDraft {
    /// The whole file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::from(
            "# 审签名册：谁、用哪把密钥、可以办理哪些步骤。\n\
             # 本文件一经启用不得改动；人员或密钥有变化时，另写下一版，由名册管理人签名同意。\n\n",
        );
        // Writing to a string cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "version = {}", self.version)?;
        writeln!(out, "previous = {}", quote(self.previous.as_deref().unwrap_or("none")))?;
        if let Some(profile) = &self.default_profile {
            writeln!(out, "default_profile = {}", quote(profile))?;
        }
        writeln!(out, "\n# 名册管理人，以及变更名册至少需要几人同意\n[root]")?;
        writeln!(out, "members = {}", list(&self.roots))?;
        writeln!(out, "threshold = {}", self.threshold)?;
        for person in &self.people {
            person.write(out)?;
        }
        for person in
            self.people.iter().filter(|person| person.keys.iter().any(|(_, purpose)| *purpose == "publish"))
        {
            writeln!(out, "\n# 发布人：为生成的网站签名\n[[publisher]]\nperson = {}", quote(&person.id))?;
        }
        Ok(())
    }
}

impl PersonDraft {
    /// The entries of this person alone, to be pasted into a roster.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        writeln!(out, "\n[[person]]\nid = {}", quote(&self.id))?;
        writeln!(out, "name = {}", quote(&self.name))?;
        writeln!(out, "post = {}", quote(&self.post))?;
        writeln!(out, "emails = {}", list(&self.emails))?;
        let roles: Vec<String> =
            self.steps.iter().map(|step| format!("{{ step = {} }}", quote(step))).collect();
        writeln!(out, "roles = [{}]", roles.join(", "))?;
        for (public, purpose) in &self.keys {
            writeln!(out, "\n[[key]]\nperson = {}", quote(&self.id))?;
            writeln!(out, "kind = \"ssh\"\npublic = {}", quote(public))?;
            writeln!(out, "use = [{}]", quote(purpose))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_toml_that_survives_awkward_names() {
        let person = PersonDraft {
            id: "li.si".into(),
            name: "李\"四\\".into(),
            emails: vec!["li.si@office.example".into()],
            steps: vec!["second-review".into()],
            keys: vec![("ssh-ed25519 AAAA".into(), "review"), ("ssh-ed25519 BBBB".into(), "publish")],
            ..PersonDraft::default()
        };
        let draft = RosterDraft {
            version: 1,
            roots: vec!["li.si".into()],
            threshold: 1,
            people: vec![person],
            ..RosterDraft::default()
        };
        let table: toml::Table = draft.to_toml().parse().unwrap();
        assert_eq!(table["previous"].as_str(), Some("none"));
        assert_eq!(table["person"][0]["name"].as_str(), Some("李\"四\\"));
        assert_eq!(table["key"].as_array().unwrap().len(), 2);
        assert_eq!(table["publisher"][0]["person"].as_str(), Some("li.si"));
    }
}
