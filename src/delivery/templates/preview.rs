//! Messages as files, to look at.

use std::fmt::Write;

use super::{TemplateError, Templates, sample};
use crate::delivery::Wording;
use crate::domain::Channel;

impl Templates {
    /// Every message in every language, as named files; `index.html` leads to all of them.
    ///
    /// # Errors
    /// When a message does not come out.
    pub fn preview(&self) -> Result<Vec<(String, String)>, TemplateError> {
        let mut files = Vec::new();
        let mut rows = String::new();
        for language in self.languages.iter() {
            let tag = language.as_str();
            write!(rows, "<tr><th>{tag}</th>").expect("a String takes everything");
            for purpose in &sample::purposes(6) {
                let (name, facts) = (purpose.as_str(), sample::honest(purpose));
                let mut made = vec![(
                    format!("{name}.{tag}.sms.txt"),
                    self.try_word(Channel::Sms, Some(language), &facts)?
                        .text()
                        .to_owned(),
                )];
                if let Wording::Mail {
                    subject,
                    text,
                    html,
                } = self.try_word(Channel::Email, Some(language), &facts)?
                {
                    made.insert(
                        0,
                        (format!("{name}.{tag}.txt"), format!("{subject}\n\n{text}")),
                    );
                    made.insert(0, (format!("{name}.{tag}.html"), html));
                }
                rows.push_str("<td>");
                for ((file, _), kind) in made.iter().zip(["HTML", "text", "SMS"]) {
                    write!(rows, "<a href=\"{file}\">{kind}</a> ")
                        .expect("a String takes everything");
                }
                rows.push_str("</td>");
                files.extend(made);
            }
            rows.push_str("</tr>\n");
        }
        files.push(("index.html".to_owned(), index(&rows)));
        Ok(files)
    }
}

fn index(rows: &str) -> String {
    let heads = sample::purposes(6).map(|purpose| format!("<th>{}</th>", purpose.as_str()));
    format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Messages</title>\n\
         <style>body {{ font-family: sans-serif; color-scheme: light dark }} \
         th, td {{ padding: 4px 16px; text-align: start }}</style>\n\
         <table>\n<tr><th></th>{}</tr>\n{rows}</table>\n",
        heads.concat()
    )
}
