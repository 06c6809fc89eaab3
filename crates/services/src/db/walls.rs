//! Whether PostgreSQL's second wall stands as the schema built it. The server looks before it serves, and refuses without.
//!
//! Who gets through it is said in `reach`.

use super::{Db, Engine, OpenError};

/// Views that show closed rows on purpose, without what is private in them.
const OPENINGS: &[&str] = &[
    "taken_times",
    "taken_resources",
    "audit_heads",
    "account_names",
    "own_bookings",
    "own_waits",
    "open_numbers",
];

/// What is wrong, a line each.
const FAULTS: &str = "
    SELECT 'there is no role caresync_app' AS fault
     WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'caresync_app')
    UNION ALL
    SELECT 'the role caresync_app goes around row-level security' FROM pg_roles
     WHERE rolname = 'caresync_app' AND (rolsuper OR rolbypassrls OR rolcanlogin)
    UNION ALL
    SELECT 'the user of DATABASE_URL is no member of the role caresync_app' FROM pg_roles
     WHERE rolname = 'caresync_app' AND NOT pg_has_role(current_user, oid, 'MEMBER')
    UNION ALL
    SELECT 'the user of DATABASE_URL inherits from the role caresync_app' FROM pg_roles
     WHERE rolname = current_user AND NOT rolsuper AND pg_has_role(oid, 'caresync_app', 'USAGE')
    UNION ALL
    SELECT 'the role caresync_app owns ' || c.relname
      FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'caresync_app'
    UNION ALL
    SELECT 'the table ' || c.relname || ' is not closed'
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
    UNION ALL
    SELECT 'the table ' || c.relname || ' is closed to the user of DATABASE_URL'
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
       AND NOT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)
       AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'house'
                          AND EXISTS (SELECT 1 FROM unnest(p.polroles) AS role WHERE pg_has_role(current_user, role, 'MEMBER')))
    UNION ALL
    SELECT 'the table ' || c.relname || ' has lost its wall'
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('photos', 'outbox')
       AND has_any_column_privilege('caresync_app', c.oid, 'SELECT, INSERT, UPDATE')
       AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive)
    UNION ALL
    SELECT 'the table ' || c.relname || ' has a policy that nobody knows: ' || p.polname
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND p.polpermissive AND p.polname NOT IN ('house', 'app')
    UNION ALL
    SELECT 'the view ' || c.relname || ' looks around the wall'
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'v' AND NOT (c.relname = ANY ($1))
       AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)
    UNION ALL
    SELECT 'the materialized view ' || c.relname || ' looks around the wall'
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'm'";

impl Db {
    /// Refuses a database whose rows are not closed as they must be. On SQLite there is nothing to look at.
    pub(crate) async fn refuse_open_walls(&self) -> Result<(), OpenError> {
        let Engine::Postgres { pool } = &self.engine else { return Ok(()) };
        let openings: Vec<String> = OPENINGS.iter().map(|&name| name.to_owned()).collect();
        let faults: Vec<String> =
            sqlx::query_scalar(FAULTS).bind(openings).fetch_all(pool).await.map_err(OpenError::database)?;
        match faults.first() {
            None => Ok(()),
            Some(first) => Err(OpenError::Walls { first: first.clone(), more: faults.len() - 1 }),
        }
    }
}
