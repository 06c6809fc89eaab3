//! How many live sockets somebody may hold open at a time, by account and by address.
//! What is said on them is in `live`.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::ids::AccountId;

/// Of one account: a tab each on a few devices.
pub(crate) const OF_AN_ACCOUNT: usize = 16;
/// Of one address: a hospital's desks and wards.
pub(crate) const OF_AN_ADDRESS: usize = 512;

/// Who holds how many.
#[derive(Debug)]
pub(crate) struct Held<K>(Arc<Mutex<HashMap<K, usize>>>);

/// One of them; letting go of it makes room.
#[derive(Debug)]
pub(crate) struct Place<K: Eq + Hash + Copy> {
    holder: K,
    held: Held<K>,
}

impl<K: Eq + Hash + Copy> Held<K> {
    fn counts(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        // A count is whole whatever happened to whoever held the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more for this holder, unless there are as many already.
    pub(crate) fn place(&self, holder: K, most: usize) -> Option<Place<K>> {
        let mut counts = self.counts();
        let count = counts.entry(holder).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { holder, held: self.clone() })
    }
}

impl<K> Clone for Held<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K> Default for Held<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash + Copy> Drop for Place<K> {
    fn drop(&mut self) {
        let mut counts = self.held.counts();
        if let Some(count) = counts.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.holder);
            }
        }
    }
}

/// The live sockets of this process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sockets {
    accounts: Held<AccountId>,
    addresses: Held<IpAddr>,
}

/// Room for one socket.
#[derive(Debug)]
pub(crate) struct SocketPlace {
    _account: Place<AccountId>,
    _address: Place<IpAddr>,
}

/// Room for one socket of nobody's.
#[derive(Debug)]
pub(crate) struct AddressPlace {
    _address: Place<IpAddr>,
}

impl Sockets {
    /// Room for one more on which nobody is signed in, if there is.
    pub(crate) fn place_of(&self, address: IpAddr) -> Option<AddressPlace> {
        Some(AddressPlace { _address: self.addresses.place(address, OF_AN_ADDRESS)? })
    }

    /// Room for one more, if there is.
    pub(crate) fn place(&self, account: AccountId, address: IpAddr) -> Option<SocketPlace> {
        let account = self.accounts.place(account, OF_AN_ACCOUNT)?;
        let address = self.addresses.place(address, OF_AN_ADDRESS)?;
        Some(SocketPlace { _account: account, _address: address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_lets_go_makes_room_and_nobody_is_remembered() {
        let held = Held::default();
        let first = held.place(7, 2).unwrap();
        let _second = held.place(7, 2).unwrap();
        assert!(held.place(7, 2).is_none());
        let other = held.place(8, 2).unwrap();
        drop(first);
        assert!(held.place(7, 2).is_some());
        drop(other);
        assert_eq!(held.counts().len(), 1);
    }
}
