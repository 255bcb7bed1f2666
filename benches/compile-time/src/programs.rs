//! The same program for each library: actors with a state of two fields, and
//! messages with two fields, half of them asks; a function that spawns each
//! actor and sends it every message.

use std::fmt::Write;

pub struct Program {
    pub name: &'static str,
    pub dependencies: &'static str,
    pub prelude: &'static str,
    pub source: fn(actors: usize, messages: usize) -> String,
}

pub const PROGRAMS: &[Program] = &[
    Program {
        name: "zctor",
        dependencies: "zctor = { path = \"ZCTOR\" }",
        prelude: "",
        source: zctor,
    },
    Program {
        name: "kameo",
        dependencies: "kameo = \"0.22\"\n\
                       tokio = { version = \"1\", features = [\"rt-multi-thread\"] }",
        prelude: "",
        source: kameo,
    },
    Program {
        name: "ractor",
        dependencies: "ractor = \"0.16\"\n\
                       tokio = { version = \"1\", features = [\"rt-multi-thread\"] }",
        prelude: "",
        source: ractor,
    },
];

/// Writing to a `String` does not fail.
macro_rules! put {
    ($text:expr, $($arguments:tt)*) => {
        let _ = writeln!($text, $($arguments)*);
    };
}

fn is_ask(message: usize) -> bool {
    message % 2 == 1
}

fn zctor(actors: usize, messages: usize) -> String {
    let mut text = "#![allow(missing_docs)]\n".to_owned();
    for actor in 0..actors {
        put!(text, "pub mod actor{actor} {{");
        put!(text, "use zctor::prelude::*;");
        put!(text, "#[actor]\npub enum Account {{");
        for message in 0..messages {
            if is_ask(message) {
                put!(text, "#[reply(u64)]");
            }
            put!(text, "Message{message} {{ amount: u64, text: String }},");
        }
        put!(text, "}}");
        put!(
            text,
            "#[derive(Default)]\npub struct Book {{ sum: u64, last: String }}"
        );
        put!(text, "#[handlers]\nimpl AccountActor for Book {{");
        for message in 0..messages {
            let (reply, value) = if is_ask(message) {
                (" -> u64", "self.sum")
            } else {
                ("", "")
            };
            put!(
                text,
                "fn message{message}(&mut self, amount: u64, text: String){reply} {{ self.sum += \
                 amount + {message}; self.last = text; {value} }}"
            );
        }
        put!(text, "}}");
        put!(
            text,
            "pub async fn drive(system: &System) -> zctor::Result<u64> {{"
        );
        put!(
            text,
            "let account = Account::spawn(system, Book::default());\nlet mut sum = 0;"
        );
        for message in 0..messages {
            if is_ask(message) {
                put!(
                    text,
                    "sum += account.message{message}(1, String::new()).await?;"
                );
            } else {
                put!(text, "account.message{message}(1, String::new())?;");
            }
        }
        put!(text, "Ok(sum)\n}}\n}}");
    }
    put!(
        text,
        "pub async fn drive(system: &zctor::System) -> zctor::Result<u64> {{\nlet mut sum = 0;"
    );
    for actor in 0..actors {
        put!(text, "sum += actor{actor}::drive(system).await?;");
    }
    put!(text, "Ok(sum)\n}}");
    put!(
        text,
        "pub fn main() -> zctor::Result<()> {{ let system = zctor::System::new()?; zctor::wait(drive(&system))??; system.shutdown().wait() }}"
    );
    text
}

fn kameo(actors: usize, messages: usize) -> String {
    let mut text = "#![allow(missing_docs)]\n".to_owned();
    for actor in 0..actors {
        put!(text, "pub mod actor{actor} {{");
        put!(text, "use kameo::prelude::*;");
        put!(
            text,
            "#[derive(Actor, Default)]\npub struct Book {{ sum: u64, last: String }}"
        );
        put!(text, "#[messages]\nimpl Book {{");
        for message in 0..messages {
            let (reply, value) = if is_ask(message) {
                (" -> u64", "self.sum")
            } else {
                ("", "")
            };
            put!(
                text,
                "#[message]\npub fn message{message}(&mut self, amount: u64, text: \
                 String){reply} {{ self.sum += amount + {message}; self.last = text; {value} }}"
            );
        }
        put!(text, "}}");
        put!(
            text,
            "pub async fn drive() -> Result<u64, Box<dyn std::error::Error>> {{"
        );
        put!(
            text,
            "let account = Book::spawn(Book::default());\nlet mut sum = 0;"
        );
        for message in 0..messages {
            let fields = "amount: 1, text: String::new()";
            if is_ask(message) {
                put!(
                    text,
                    "sum += account.ask(Message{message} {{ {fields} }}).await?;"
                );
            } else {
                put!(
                    text,
                    "account.tell(Message{message} {{ {fields} }}).await?;"
                );
            }
        }
        put!(text, "Ok(sum)\n}}\n}}");
    }
    finish(&mut text, actors);
    text
}

fn ractor(actors: usize, messages: usize) -> String {
    let mut text = "#![allow(missing_docs)]\n".to_owned();
    for actor in 0..actors {
        put!(text, "pub mod actor{actor} {{");
        put!(
            text,
            "use ractor::{{Actor, ActorProcessingErr, ActorRef, RpcReplyPort, call, cast}};"
        );
        put!(text, "pub enum Account {{");
        for message in 0..messages {
            let port = if is_ask(message) {
                ", RpcReplyPort<u64>"
            } else {
                ""
            };
            put!(text, "Message{message}(u64, String{port}),");
        }
        put!(text, "}}");
        put!(text, "pub struct Book {{ sum: u64, last: String }}");
        put!(text, "pub struct Keeper;");
        put!(text, "impl Actor for Keeper {{");
        put!(
            text,
            "type Msg = Account;\ntype State = Book;\ntype Arguments = ();"
        );
        put!(
            text,
            "async fn pre_start(&self, _: ActorRef<Account>, (): ()) -> Result<Book, \
             ActorProcessingErr> {{ Ok(Book {{ sum: 0, last: String::new() }}) }}"
        );
        put!(
            text,
            "async fn handle(&self, _: ActorRef<Account>, message: Account, book: &mut Book) -> \
             Result<(), ActorProcessingErr> {{\nmatch message {{"
        );
        for message in 0..messages {
            let (port, send) = if is_ask(message) {
                (", reply", "reply.send(book.sum)?;")
            } else {
                ("", "")
            };
            put!(
                text,
                "Account::Message{message}(amount, text{port}) => {{ book.sum += amount + \
                 {message}; book.last = text; {send} }}"
            );
        }
        put!(text, "}}\nOk(())\n}}\n}}");
        put!(
            text,
            "pub async fn drive() -> Result<u64, Box<dyn std::error::Error>> {{"
        );
        put!(
            text,
            "let (account, _) = Actor::spawn(None, Keeper, ()).await?;\nlet mut sum = 0;"
        );
        for message in 0..messages {
            if is_ask(message) {
                put!(
                    text,
                    "sum += call!(account, Account::Message{message}, 1, String::new())?;"
                );
            } else {
                put!(
                    text,
                    "cast!(account, Account::Message{message}(1, String::new()))?;"
                );
            }
        }
        put!(text, "Ok(sum)\n}}\n}}");
    }
    finish(&mut text, actors);
    text
}

/// What calls each actor, on tokio.
fn finish(text: &mut String, actors: usize) {
    put!(
        text,
        "pub async fn drive() -> Result<u64, Box<dyn std::error::Error>> {{\nlet mut sum = 0;"
    );
    for actor in 0..actors {
        put!(text, "sum += actor{actor}::drive().await?;");
    }
    put!(text, "Ok(sum)\n}}");
    put!(
        text,
        "pub fn main() -> Result<(), Box<dyn std::error::Error>> {{ \
         tokio::runtime::Runtime::new()?.block_on(drive())?; Ok(()) }}"
    );
}
