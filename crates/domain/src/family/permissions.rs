//! What somebody may do for a patient: a set of six things, each given by itself.
//!
//! Until when and from which age it holds is in [`super::arrangement`].

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One thing that may be done for a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Book, see and cancel visits.
    Book,
    /// Pay.
    Pay,
    /// Read and write messages.
    Messages,
    /// Read the record: what visits are about, and, with [`Self::Sensitive`], who looked at it.
    Records,
    /// See and renew prescriptions.
    Prescriptions,
    /// All of that in the specialties of [`crate::coding::SENSITIVE`], which are about sexual health, mental health or addiction.
    Sensitive,
}

impl Permission {
    /// All of them, in the order in which people are asked.
    pub const ALL: [Self; 6] =
        [Self::Book, Self::Pay, Self::Messages, Self::Records, Self::Prescriptions, Self::Sensitive];

    /// The code on the wire and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::Pay => "pay",
            Self::Messages => "messages",
            Self::Records => "records",
            Self::Prescriptions => "prescriptions",
            Self::Sensitive => "sensitive",
        }
    }

    /// Reads a code; refuses with `unknown_value`.
    pub fn parse(code: &str) -> Result<Self, &'static str> {
        Self::ALL.into_iter().find(|one| one.code() == code).ok_or("unknown_value")
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// A set of permissions; on the wire a list of codes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permissions(u8);

impl Permissions {
    /// None.
    pub const NONE: Self = Self(0);
    /// All.
    pub const ALL: Self = Self(0b11_1111);
    /// What is left to those who look after a young person: to bring her to a visit, not to read about it.
    pub const YOUNG: Self = Self(0b00_0011);

    /// Whether one is in it.
    #[must_use]
    pub fn has(self, one: Permission) -> bool {
        self.0 & one.bit() != 0
    }

    /// Whether who looked at the record is shown: to whoever may know all of it. An entry says where somebody was, and one that was left
    /// out would say that something is.
    #[must_use]
    pub fn sees_who_looked(self) -> bool {
        self.has(Permission::Records) && self.has(Permission::Sensitive)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in it.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |one| self.has(*one))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(list: I) -> Self {
        Self(list.into_iter().fold(0, |set, one| set | one.bit()))
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Permissions {}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Permissions {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
        let one = ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .enum_values(Some(Permission::ALL.map(Permission::code)));
        ArrayBuilder::new().items(one).description(Some("What somebody may do for a patient.")).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::value::SeqDeserializer;

    #[test]
    fn a_set_is_a_list_of_codes_on_the_wire() {
        let set: Permissions = [Permission::Records, Permission::Book].into_iter().collect();
        let read = |codes: &[&'static str]| {
            let list = codes.iter().copied();
            Permissions::deserialize(SeqDeserializer::<_, serde::de::value::Error>::new(list))
        };
        assert_eq!(read(&["records", "book", "book"]), Ok(set));
        assert!(read(&["everything"]).is_err());
        assert!(set.has(Permission::Book) && !set.has(Permission::Pay) && !set.is_empty());
    }

    #[test]
    fn every_permission_has_a_code_and_a_place_of_its_own() {
        for one in Permission::ALL {
            assert_eq!(Permission::parse(one.code()), Ok(one));
            let alone: Permissions = [one].into_iter().collect();
            assert_eq!(alone.iter().collect::<Vec<_>>(), [one]);
            assert!(Permissions::ALL.has(one) && !Permissions::NONE.has(one));
        }
        assert_eq!(Permission::parse("all"), Err("unknown_value"));
        assert_eq!(Permissions::ALL.iter().collect::<Permissions>(), Permissions::ALL);
        let young: Vec<_> = Permissions::YOUNG.iter().collect();
        assert_eq!(young, [Permission::Book, Permission::Pay]);
    }
}
