//! The words for what somebody is to a patient and what she may do, and for how long.
//! They know no person.

use domain::family::{Permission, Permissions, Relation};
use jiff::civil::Date;

use crate::i18n::day_month_year;
use crate::t;
use crate::ui::Choice;

/// What somebody is to the patient.
#[must_use]
pub fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::Parent => t!(family.relation_parent),
        Relation::Child => t!(family.relation_child),
        Relation::Partner => t!(family.relation_partner),
        Relation::Carer => t!(family.relation_carer),
    }
}

/// One thing that may be done.
#[must_use]
pub fn permission_name(permission: Permission) -> &'static str {
    match permission {
        Permission::Book => t!(family.may_book),
        Permission::Pay => t!(family.may_pay),
        Permission::Messages => t!(family.may_messages),
        Permission::Records => t!(family.may_records),
        Permission::Prescriptions => t!(family.may_prescriptions),
        Permission::Sensitive => t!(family.may_sensitive),
    }
}

/// All that can be ticked.
#[must_use]
pub fn permission_choices() -> Vec<Choice> {
    let hint = |permission| match permission {
        Permission::Book | Permission::Records => "",
        Permission::Pay | Permission::Messages | Permission::Prescriptions => t!(family.may_where_offered),
        Permission::Sensitive => t!(family.may_sensitive_hint),
    };
    let choice = |one: Permission| Choice::new(one.code(), permission_name(one)).hint(hint(one));
    Permission::ALL.into_iter().map(choice).collect()
}

/// The relations that can be chosen.
#[must_use]
pub fn relation_choices(of: &[Relation]) -> Vec<Choice> {
    of.iter().map(|relation| Choice::new(relation.code(), relation_name(*relation))).collect()
}

/// What somebody may do, each thing in words.
#[must_use]
pub fn permissions_list(permissions: Permissions) -> Vec<&'static str> {
    permissions.iter().map(permission_name).collect()
}

/// What is asked, in a sentence: people mostly ask for themselves, and then one name is enough.
#[must_use]
pub fn asks_for_help(who: &str, patient: &str) -> String {
    if who == patient {
        t!(family.offer_help_self, who = who)
    } else {
        t!(family.offer_help, who = who, patient = patient)
    }
}

/// "from 1 March 2026 until 31 March 2026": it stands behind "How long".
#[must_use]
pub fn period(from: Option<Date>, until: Option<Date>) -> String {
    match (from.map(day_month_year), until.map(day_month_year)) {
        (None, None) => t!(family.no_end).to_owned(),
        (None, Some(until)) => t!(family.until, until = until),
        (Some(from), None) => t!(family.from, from = from),
        (Some(from), Some(until)) => t!(family.from_until, from = from, until = until),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn who_asks_for_herself_is_named_once() {
        assert_eq!(asks_for_help("Olga", "Olga").matches("Olga").count(), 1);
        let asked = asks_for_help("Olga", "Mia");
        assert!(asked.contains("Olga") && asked.contains("Mia"), "{asked}");
    }

    #[test]
    fn a_period_is_told_in_words() {
        let (from, until) = (date(2026, 3, 1), date(2026, 3, 31));
        assert_eq!(period(Some(from), Some(until)), "from 1 March 2026 until 31 March 2026");
        assert_eq!(period(None, None), "no end date");
        assert_eq!(permissions_list(Permissions::YOUNG).len(), 2);
    }
}
