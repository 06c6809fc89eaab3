//! All variants of an enum as a list from which none can be missing.

/// Gives an enum `ALL`, its variants in this order. The match beside it has no wildcard: a variant that is not named here does not
/// compile.
macro_rules! all_of {
    ($kind:ident: $($name:ident),+ $(,)?) => {
        impl $kind {
            /// All of them.
            pub const ALL: [Self; [$(stringify!($name)),+].len()] = [$(Self::$name),+];
        }

        const _: fn($kind) = |one| match one {
            $($kind::$name)|+ => {}
        };
    };
}

pub(super) use all_of;
