//! Names and biographies of the demo. Nobody here is real.
//!
//! Where they work and when they meet is elsewhere.

/// A patient of the demo.
pub(super) struct Person {
    pub(super) full_name: String,
    pub(super) birth_date: String,
}

const GIVEN: &[&str] = &[
    "Asha", "Bruno", "Clara", "Deepak", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kavita", "Lena",
    "Marek", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Samir", "Tara", "Ulrich", "Vera", "Walter",
    "Xenia", "Yusuf", "Zoe",
];
const FAMILY: &[&str] = &[
    "Adler", "Banerjee", "Costa", "Dietrich", "Esposito", "Fischer", "Gupta", "Haas", "Ivanova", "Joshi",
    "Kowalski", "Lindner", "Mehta", "Novak", "Ortega", "Patil", "Quist", "Rao", "Schuster", "Torres",
    "Urban", "Vogel", "Wagner",
];

/// The patient with a number; number 0 is the one of the guide.
pub(super) fn patient(number: usize) -> Person {
    if number == 0 {
        return Person { full_name: "Maria Sommer".into(), birth_date: "1951-04-17".into() };
    }
    let given = GIVEN.get(number * 7 % GIVEN.len()).copied().unwrap_or("Ada");
    let family = FAMILY.get(number * 11 % FAMILY.len()).copied().unwrap_or("Adler");
    let (year, month, day) = (1938 + number * 13 % 68, 1 + number * 5 % 12, 1 + number * 17 % 28);
    Person { full_name: format!("{given} {family}"), birth_date: format!("{year}-{month:02}-{day:02}") }
}

/// A doctor of the demo: name, specialty, languages, biography.
pub(super) struct DoctorPlan {
    pub(super) name: &'static str,
    pub(super) specialty: &'static str,
    pub(super) languages: &'static [&'static str],
    pub(super) biography: &'static str,
}

const fn doctor(
    name: &'static str,
    specialty: &'static str,
    languages: &'static [&'static str],
    biography: &'static str,
) -> DoctorPlan {
    DoctorPlan { name, specialty, languages, biography }
}

/// Doctors of the hospital in Berlin.
pub(super) const BERLIN: &[DoctorPlan] = &[
    doctor(
        "Dr. Hannah Vogt",
        "family-medicine",
        &["de", "en"],
        "I have been a family doctor for twenty years. I take the time to listen first. Many of my patients have been with me since they were children.",
    ),
    doctor(
        "Dr. Emre Yildiz",
        "cardiology",
        &["de", "tr", "en"],
        "I look after hearts: high blood pressure, rhythm, and life after a heart attack. I explain every result in plain words.",
    ),
    doctor(
        "Dr. Julia Brandt",
        "dermatology",
        &["de", "en"],
        "Skin checks, eczema and acne are my daily work. Bring a list of the creams you use.",
    ),
    doctor(
        "Dr. Piotr Zielinski",
        "orthopaedics",
        &["de", "pl", "en"],
        "Knees, hips and backs. I try everything sensible before I speak of an operation.",
    ),
    doctor(
        "Dr. Miriam Katz",
        "paediatrics",
        &["de", "en", "fr"],
        "I care for children from the first day to the eighteenth birthday. Parents may ask me anything twice.",
    ),
    doctor(
        "Dr. Stefan Albrecht",
        "neurology",
        &["de", "en"],
        "Headaches, dizziness and memory. A visit with me is mostly a conversation.",
    ),
    doctor(
        "Dr. Olga Petrova",
        "gynaecology",
        &["de", "ru", "en"],
        "Check-ups, pregnancy and the years of change. You decide what we talk about.",
    ),
    doctor(
        "Dr. Lukas Meier",
        "ophthalmology",
        &["de", "en"],
        "I check eyes and treat cataract and glaucoma. Please do not drive for three hours after a visit.",
    ),
];

/// Doctors of the hospital in Pune.
pub(super) const PUNE: &[DoctorPlan] = &[
    doctor(
        "Dr. Anjali Deshpande",
        "family-medicine",
        &["mr", "hi", "en"],
        "A family doctor for the whole neighbourhood. I speak Marathi, Hindi and English with my patients.",
    ),
    doctor(
        "Dr. Rohan Kulkarni",
        "cardiology",
        &["mr", "hi", "en"],
        "Blood pressure, heart failure and check-ups before an operation. Bring your old reports, all of them.",
    ),
    doctor(
        "Dr. Meera Iyer",
        "endocrinology",
        &["ta", "en", "hi"],
        "Diabetes and thyroid. Small changes that last matter more to me than strict plans that do not.",
    ),
    doctor(
        "Dr. Farhan Sheikh",
        "otolaryngology",
        &["hi", "en"],
        "Ears, nose and throat, for adults and children.",
    ),
    doctor(
        "Dr. Sunita Bose",
        "psychiatry",
        &["bn", "hi", "en"],
        "I treat depression, anxiety and sleeplessness. Your first visit is long, so that you can tell your story.",
    ),
    doctor(
        "Dr. Vikram Nair",
        "orthopaedics",
        &["en", "hi"],
        "Sports injuries and painful joints. I work closely with our physiotherapists.",
    ),
    doctor(
        "Dr. Leela Reddy",
        "paediatrics",
        &["te", "en", "hi"],
        "Children first, and their worried parents right after. Vaccinations on every weekday.",
    ),
    doctor(
        "Dr. Arjun Gokhale",
        "dermatology",
        &["mr", "en"],
        "Skin, hair and nails. Many questions can be answered by video.",
    ),
];

/// Doctors of the hospital in New York.
pub(super) const NEW_YORK: &[DoctorPlan] = &[
    doctor(
        "Dr. Grace Thompson",
        "family-medicine",
        &["en", "es"],
        "I see people of all ages, from checkups to chronic conditions. Hablo español.",
    ),
    doctor(
        "Dr. Daniel Rosen",
        "gastroenterology",
        &["en"],
        "Stomach, bowel and liver. I explain what a test is for before I order it.",
    ),
    doctor(
        "Dr. Camila Ortiz",
        "gynaecology",
        &["es", "en", "pt"],
        "Prenatal care and women's health, with time for questions.",
    ),
    doctor(
        "Dr. Wei Zhang",
        "neurology",
        &["zh", "en"],
        "Migraine, numbness and tremor. I also see patients by video after the first visit.",
    ),
    doctor(
        "Dr. Samuel Okafor",
        "urology",
        &["en", "fr"],
        "Kidneys, bladder and prostate. Nothing you tell me is embarrassing.",
    ),
    doctor(
        "Dr. Rachel Stein",
        "ophthalmology",
        &["en"],
        "Eye exams, glaucoma and cataract care. Bring your glasses.",
    ),
    doctor(
        "Dr. Marco Ricci",
        "cardiology",
        &["it", "en"],
        "I help people live well with heart disease. We plan each step together.",
    ),
    doctor(
        "Dr. Aisha Rahman",
        "psychiatry",
        &["en", "ar", "hi"],
        "Talking helps, and sometimes medicine does too. We find out what fits you.",
    ),
];
