//! What SQLite's one writer remembers of what it has read, from one piece of work to the next: nobody else writes, so it still holds.
//!
//! It forgets everything when the directory changes. When a piece of work is undone it forgets what that piece has kept: what it has read
//! may never have been.
//! Connections that read, and those of PostgreSQL, remember nothing.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::Arc,
};

/// More than a large house has doctors and chains; beyond that it begins anew.
const MOST: usize = 4096;

type Key = (TypeId, String);
type Thing = Arc<dyn Any + Send + Sync>;

/// Things by kind and name.
#[derive(Default)]
pub(super) struct Memory {
    kept: HashMap<Key, Thing>,
    /// What this piece of work has kept, with what stood there before.
    fresh: Vec<(Key, Option<Thing>)>,
}

impl Memory {
    pub(super) fn recall<T: Any + Send + Sync>(&self, name: &str) -> Option<Arc<T>> {
        self.kept.get(&(TypeId::of::<T>(), name.to_owned())).cloned()?.downcast().ok()
    }

    pub(super) fn keep<T: Any + Send + Sync>(&mut self, name: String, thing: Arc<T>) {
        if self.kept.len() >= MOST {
            self.forget();
        }
        let key = (TypeId::of::<T>(), name);
        let before = self.kept.insert(key.clone(), thing);
        self.fresh.push((key, before));
    }

    /// The piece of work stands.
    pub(super) fn settle(&mut self) {
        self.fresh.clear();
    }

    /// The piece of work is undone.
    pub(super) fn undo(&mut self) {
        while let Some((key, before)) = self.fresh.pop() {
            match before {
                Some(thing) => self.kept.insert(key, thing),
                None => self.kept.remove(&key),
            };
        }
    }

    pub(super) fn forget(&mut self) {
        self.kept.clear();
        self.fresh.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_known_by_its_kind_and_name_until_all_is_forgotten() {
        let mut memory = Memory::default();
        memory.keep("a".into(), Arc::new(1_u8));
        memory.keep("a".into(), Arc::new("text".to_owned()));
        assert_eq!(memory.recall::<u8>("a").as_deref(), Some(&1));
        assert_eq!(memory.recall::<String>("a").map(|text| text.len()), Some(4));
        assert!(memory.recall::<u8>("b").is_none() && memory.recall::<u16>("a").is_none());
        memory.forget();
        assert!(memory.recall::<u8>("a").is_none());
    }

    #[test]
    fn undone_work_leaves_what_was_known_before() {
        let mut memory = Memory::default();
        memory.keep("a".into(), Arc::new(1_u8));
        memory.settle();
        memory.keep("a".into(), Arc::new(2_u8));
        memory.keep("a".into(), Arc::new(3_u8));
        memory.keep("b".into(), Arc::new(4_u8));
        memory.undo();
        assert_eq!(memory.recall::<u8>("a").as_deref(), Some(&1));
        assert!(memory.recall::<u8>("b").is_none());
    }

    #[test]
    fn what_was_forgotten_within_undone_work_stays_forgotten() {
        let mut memory = Memory::default();
        memory.keep("a".into(), Arc::new(1_u8));
        memory.settle();
        memory.keep("a".into(), Arc::new(2_u8));
        memory.forget();
        memory.undo();
        assert!(memory.recall::<u8>("a").is_none());
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let mut memory = Memory::default();
        for number in 0..=MOST {
            memory.keep(number.to_string(), Arc::new(number));
        }
        assert_eq!(memory.kept.len(), 1);
    }
}
