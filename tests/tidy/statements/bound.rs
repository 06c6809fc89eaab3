//! Which tables a statement names without saying whose rows it means.
//! A table is bound when a condition that always holds ties one of its keys to a parameter or to a bound table.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, FromTable, JoinConstraint, JoinOperator, Query, Select, SetExpr, Statement,
    TableFactor, TableObject, TableWithJoins, Value, Visit, Visitor,
};
use sqlparser::{dialect::PostgreSqlDialect, parser::Parser};

/// A table and the columns that say whose its rows are.
pub(super) type Keys = BTreeMap<&'static str, &'static [&'static str]>;

/// What a statement does with a table.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use {
    /// Its name.
    pub(super) table: String,
    /// Whether its rows are somebody's in particular.
    pub(super) bound: bool,
    /// Whether it changes them.
    pub(super) changes: bool,
}

/// All tables of a statement.
pub(super) fn uses(sql: &str, keys: &Keys) -> Result<Vec<Use>, String> {
    // The parser does not know this strength of a lock; for whose rows are meant all are the same.
    let sql = sql.replace("FOR NO KEY UPDATE", "FOR UPDATE");
    let parsed = Parser::parse_sql(&PostgreSqlDialect {}, &sql).map_err(|error| error.to_string())?;
    let mut walk = Walk { keys, scopes: Vec::new(), found: Vec::new(), named: BTreeSet::new() };
    for statement in &parsed {
        let _ = statement.visit(&mut walk);
    }
    if let Some(name) = walk.named.iter().find(|name| keys.contains_key(name.as_str())) {
        return Err(format!("a WITH takes the name of the table `{name}`"));
    }
    // What a WITH names is no table: its rows are judged where it is put together.
    walk.found.retain(|found| !walk.named.contains(&found.table));
    Ok(walk.found)
}

#[derive(Default)]
struct Scope {
    /// Alias and table.
    tables: BTreeMap<String, String>,
    terms: Vec<Term>,
    bound: BTreeSet<String>,
    changes: bool,
}

/// A condition that always holds, and the only table that it may bind.
struct Term {
    left: Column,
    right: Side,
    only: Option<String>,
}

struct Column(Option<String>, String);

enum Side {
    Parameter,
    Column(Column),
    Rows(Box<Query>),
}

struct Walk<'a> {
    keys: &'a Keys,
    scopes: Vec<Scope>,
    found: Vec<Use>,
    named: BTreeSet<String>,
}

impl Visitor for Walk<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let named = query.with.iter().flat_map(|with| &with.cte_tables);
        self.named.extend(named.map(|table| table.alias.name.value.clone()));
        let scope = Scope::of_query(query);
        self.enter(scope);
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.leave();
        ControlFlow::Continue(())
    }

    fn pre_visit_statement(&mut self, statement: &Statement) -> ControlFlow<()> {
        let scope = match statement {
            Statement::Update(update) => {
                Scope::of_tables(std::slice::from_ref(&update.table), update.selection.as_ref())
            }
            Statement::Delete(delete) => {
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
                Scope::of_tables(from, delete.selection.as_ref())
            }
            Statement::Insert(insert) => {
                if let TableObject::TableName(name) = &insert.table {
                    let columns: Vec<String> = insert.columns.iter().map(ToString::to_string).collect();
                    let table = name.to_string();
                    let keys = self.keys.get(table.as_str()).copied().unwrap_or_default();
                    let bound = columns.iter().any(|column| keys.contains(&column.as_str()));
                    self.found.push(Use { table, bound, changes: true });
                }
                Scope::default()
            }
            _ => Scope::default(),
        };
        self.enter(Scope { changes: true, ..scope });
        ControlFlow::Continue(())
    }

    fn post_visit_statement(&mut self, _: &Statement) -> ControlFlow<()> {
        self.leave();
        ControlFlow::Continue(())
    }
}

impl Walk<'_> {
    fn enter(&mut self, mut scope: Scope) {
        loop {
            let fresh: Vec<String> = scope.terms.iter().flat_map(|term| self.binds(&scope, term)).collect();
            let before = scope.bound.len();
            scope.bound.extend(fresh);
            if scope.bound.len() == before {
                break;
            }
        }
        for (alias, table) in &scope.tables {
            let (bound, changes) = (scope.bound.contains(alias), scope.changes);
            self.found.push(Use { table: table.clone(), bound, changes });
        }
        self.scopes.push(scope);
    }

    fn leave(&mut self) {
        self.scopes.pop();
    }

    /// The tables of this scope that a term binds.
    fn binds(&self, scope: &Scope, term: &Term) -> Vec<String> {
        let mut bound = Vec::new();
        let mut pin = |column: &Column| {
            let Some(alias) = scope.alias_of(column) else { return };
            let Some(table) = scope.tables.get(&alias) else { return };
            let key = self.keys.get(table.as_str()).is_some_and(|keys| keys.contains(&column.1.as_str()));
            if key && term.only.as_ref().is_none_or(|only| *only == alias) {
                bound.push(alias);
            }
        };
        match &term.right {
            Side::Parameter => pin(&term.left),
            Side::Column(right) => {
                if self.is_bound(scope, right) {
                    pin(&term.left);
                }
                if self.is_bound(scope, &term.left) {
                    pin(right);
                }
            }
            Side::Rows(query) => {
                let mut inner =
                    Walk { keys: self.keys, scopes: Vec::new(), found: Vec::new(), named: BTreeSet::new() };
                inner.enter(Scope::of_query(query));
                if inner.found.iter().all(|inside| inside.bound) && !inner.found.is_empty() {
                    pin(&term.left);
                }
            }
        }
        bound
    }

    fn is_bound(&self, scope: &Scope, column: &Column) -> bool {
        let Some(alias) = scope.alias_of(column) else { return false };
        if scope.tables.contains_key(&alias) {
            return scope.bound.contains(&alias);
        }
        self.scopes.iter().any(|outer| outer.bound.contains(&alias))
    }
}

impl Scope {
    fn of_query(query: &Query) -> Self {
        let mut scope = Self::default();
        scope.take_body(&query.body);
        scope
    }

    fn take_body(&mut self, body: &SetExpr) {
        match body {
            SetExpr::Select(select) => self.take_select(select),
            SetExpr::SetOperation { left, right, .. } => {
                self.take_body(left);
                self.take_body(right);
            }
            _ => {}
        }
    }

    fn take_select(&mut self, select: &Select) {
        self.take_tables(&select.from, select.selection.as_ref());
    }

    fn of_tables(from: &[TableWithJoins], selection: Option<&Expr>) -> Self {
        let mut scope = Self::default();
        scope.take_tables(from, selection);
        scope
    }

    fn take_tables(&mut self, from: &[TableWithJoins], selection: Option<&Expr>) {
        for table in from {
            self.take_factor(&table.relation);
            for join in &table.joins {
                let alias = self.take_factor(&join.relation);
                let (on, only) = match &join.join_operator {
                    JoinOperator::Join(on) | JoinOperator::Inner(on) => (on, None),
                    JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (on, alias),
                    _ => continue,
                };
                if let JoinConstraint::On(on) = on {
                    // What joins no row means nobody's.
                    let nothing =
                        matches!(on, Expr::Value(value) if matches!(value.value, Value::Boolean(false)));
                    self.bound.extend(only.clone().filter(|_| nothing));
                    self.take_terms(on, only.as_ref());
                }
            }
        }
        if let Some(selection) = selection {
            self.take_terms(selection, None);
        }
    }

    fn take_factor(&mut self, factor: &TableFactor) -> Option<String> {
        let TableFactor::Table { name, alias, args: None, .. } = factor else { return None };
        let table = name.to_string();
        let alias = alias.as_ref().map_or_else(|| table.clone(), |alias| alias.name.value.clone());
        self.tables.insert(alias.clone(), table);
        Some(alias)
    }

    /// Only what stands between ANDs: what stands in an OR need not hold.
    fn take_terms(&mut self, expression: &Expr, only: Option<&String>) {
        let mut term = |left: &Expr, right: Side| {
            if let Some(left) = column(left) {
                self.terms.push(Term { left, right, only: only.cloned() });
            }
        };
        match expression {
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                self.take_terms(left, only);
                self.take_terms(right, only);
            }
            Expr::Nested(inside) => self.take_terms(inside, only),
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                if is_parameter(right) {
                    term(left, Side::Parameter);
                } else if let Some(right) = column(right) {
                    term(left, Side::Column(right));
                } else if let Expr::Subquery(query) = &**right {
                    term(left, Side::Rows(query.clone()));
                }
            }
            Expr::InSubquery { expr, subquery, negated: false } => {
                term(expr, Side::Rows(subquery.clone()));
            }
            _ => {}
        }
    }

    fn alias_of(&self, column: &Column) -> Option<String> {
        match &column.0 {
            Some(alias) => Some(alias.clone()),
            None if self.tables.len() == 1 => self.tables.keys().next().cloned(),
            None => None,
        }
    }
}

fn column(expression: &Expr) -> Option<Column> {
    match expression {
        Expr::Identifier(name) => Some(Column(None, name.value.clone())),
        Expr::CompoundIdentifier(names) => match names.as_slice() {
            [alias, name] => Some(Column(Some(alias.value.clone()), name.value.clone())),
            _ => None,
        },
        _ => None,
    }
}

fn is_parameter(expression: &Expr) -> bool {
    matches!(expression, Expr::Value(value) if matches!(value.value, Value::Placeholder(_)))
}
