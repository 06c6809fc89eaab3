//! The rules for new passwords, and the rules by which the list of guessed ones is made.
//!
//! `cargo test -p services -- --ignored writes_the_list` writes the list anew after a change here.

use std::collections::BTreeSet;

use super::{LIST, check};

/// The words that people make long passwords of: what leads every published count of passwords, months, seasons, teams,
/// names, and what is on the desk of a hospital.
const WORDS: &[&str] = &[
    "password",
    "passwort",
    "welcome",
    "iloveyou",
    "princess",
    "sunshine",
    "football",
    "baseball",
    "basketball",
    "superman",
    "batman",
    "dragon",
    "monkey",
    "master",
    "shadow",
    "michael",
    "jennifer",
    "jordan",
    "charlie",
    "daniel",
    "jessica",
    "ashley",
    "thomas",
    "maria",
    "hello",
    "letmein",
    "qwerty",
    "qwertz",
    "azerty",
    "asdfgh",
    "zxcvbn",
    "abcdef",
    "admin",
    "administrator",
    "login",
    "secret",
    "freedom",
    "whatever",
    "trustno",
    "starwars",
    "computer",
    "internet",
    "summer",
    "winter",
    "spring",
    "autumn",
    "january",
    "february",
    "march",
    "april",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "friday",
    "sunday",
    "liverpool",
    "arsenal",
    "chelsea",
    "barcelona",
    "flower",
    "cookie",
    "chocolate",
    "butterfly",
    "purple",
    "orange",
    "pepper",
    "ginger",
    "tigger",
    "soccer",
    "hockey",
    "killer",
    "hunter",
    "ranger",
    "diamond",
    "forever",
    "family",
    "mother",
    "father",
    "doctor",
    "nurse",
    "patient",
    "hospital",
    "medicine",
    "health",
    "clinic",
    "caresync",
    "berlin",
    "london",
    "america",
    "india",
    "change",
    "default",
    "testing",
    "temporary",
    "superstar",
    "elephant",
    "mountain",
    "midnight",
    "lightning",
    "champion",
    "strawberry",
    "snowboard",
    "beautiful",
    "handsome",
    "brother",
    "sister",
    "grandma",
    "birthday",
    "christmas",
    "germany",
    "england",
    "australia",
    "medical",
    "surgery",
    "emergency",
    "reception",
];

/// What is walked along, said, or sung.
const PHRASES: &[&str] = &[
    "qwertyuiopasdfgh",
    "qwertyuiopasdfghjkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfgh",
    "qwertzuiopasdfghjkl",
    "azertyuiopqsdfgh",
    "azertyuiopqsdfghjklm",
    "asdfghjklzxcvbnm",
    "asdfghjklqwertyuiop",
    "zxcvbnmasdfghjkl",
    "qazwsxedcrfvtgb",
    "qazwsxedcrfvtgbyhn",
    "qazwsxedcrfvtgbyhnujm",
    "mnbvcxzlkjhgfdsa",
    "poiuytrewqlkjhgfdsa",
    "abcdefghijklmno",
    "abcdefghijklmnop",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponml",
    "aabbccddeeffgghh",
    "correcthorsebatterystaple",
    "thequickbrownfox",
    "thequickbrownfoxjumpsoverthelazydog",
    "letmeinletmeinplease",
    "tobeornottobethatisthequestion",
    "maytheforcebewithyou",
    "iloveyousomuchbaby",
    "iloveyouforever",
    "youaremysunshine",
    "happybirthdaytoyou",
    "merrychristmasandahappynewyear",
    "thisismypassword",
    "mypasswordissecret",
    "idontknowmypassword",
    "iforgotmypassword",
    "changethispassword",
    "pleasechangeme",
    "passwordpleasechange",
    "nobodyknowsthispassword",
    "averylongpassword",
    "averysecurepassword",
    "supersecretpassword",
    "superlongpassword",
    "correctbatteryhorsestaple",
    "openthedoorplease",
    "opensesameopensesame",
    "helloworldhelloworld",
    "welcometothejungle",
    "inthenameofthefather",
    "jesuslovesmethisiknow",
    "ingodwetrust",
    "jesuschristsuperstar",
    "allyouneedislove",
    "twinkletwinklelittlestar",
    "rowrowrowyourboat",
    "humptydumptysatonawall",
    "oncetherewasa",
    "onceuponatimethere",
    "winteriscoming",
    "elementarymydearwatson",
    "luketheforceiswithyou",
    "iamyourfather",
    "hastalavistababy",
    "realmadridcf",
    "manchesterunited",
    "manchestercity",
    "fcbarcelona",
    "bayernmuenchen",
    "borussiadortmund",
    "harrypotterandthe",
    "gameofthrones",
    "lordoftherings",
    "caresyncdemo",
    "caresyncbench",
    "caresyncpassword",
    "hospitalpassword",
    "administratorpassword",
    "passwordadministrator",
    "correcthorsebattery",
];

/// A list of 3,000 entries and more: the phrases; each word said again until it is long enough; each two words. Some are shorter
/// than the rules ask for, because digits at the end and signs between are not looked at.
fn made() -> String {
    let mut list: BTreeSet<String> = PHRASES.iter().map(|phrase| (*phrase).to_owned()).collect();
    for one in WORDS {
        list.insert(one.repeat(15_usize.div_ceil(one.len())));
        list.extend(WORDS.iter().map(|other| format!("{one}{other}")).filter(|pair| pair.len() >= 13));
    }
    list.into_iter().filter(|entry| entry.len() >= 10).map(|entry| entry + "\n").collect()
}

#[test]
fn the_list_is_made_by_its_rules() {
    assert_eq!(LIST, made(), "run the ignored test that writes it");
    let long_enough = LIST.lines().filter(|entry| entry.len() >= domain::text::PASSWORD_MIN).count();
    assert!(long_enough >= 3_000, "{long_enough} of the length that the rules ask for");
}

#[test]
#[ignore = "writes the list into the sources"]
fn writes_the_list() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/passwords/guessed_first.txt");
    std::fs::write(path, made()).unwrap();
}

#[test]
fn what_everybody_tries_first_is_refused() {
    for easy in [
        "passwordpassword",
        "Password-Welcome-2026",
        "P4ssw0rd W3lc0me 123",
        "correct horse battery staple",
        "qwertyuiopasdfghjkl",
        "aaaaaaaaaaaaaaaaaaaa",
        "123412341234123412341234",
        "caresync-demo-2026",
        "zebra zebra zebra zebra",
    ] {
        assert_eq!(check(easy, &[]), Err("password_common"), "{easy}");
    }
}

#[test]
fn what_everybody_knows_of_somebody_is_refused() {
    let known = ["Ada Lovelace", "ada.lovelace@analytical.example", "Lindenhof"];
    for known_word in ["ada.lovelace-1815", "Lovelace@analytical", "Lindenhof-2026!!", "CareSync-Lindenhof-1"]
    {
        assert_eq!(check(known_word, &known), Err("password_personal"), "{known_word}");
    }
    assert_eq!(check("Lovelace likes green figs", &known), Ok(()));
}

#[test]
fn every_other_password_of_the_length_is_fine() {
    for good in [
        "three blue herons",
        "three quiet words in a row",
        "пароль из четырёх слов",
        "!?!-()[]{}<>|#+*~^",
        "2718 2818 2845 9045",
    ] {
        assert_eq!(check(good, &["Patient One", "patient@x.example"]), Ok(()), "{good}");
    }
    assert_eq!(check("fourteen chars", &[]), Err("password_too_short"));
    assert_eq!(check(&"ab ".repeat(400), &[]), Err("password_too_long"));
}
