/* What SQLite's one C file is compiled with, besides the flags of .cargo/config.toml: memory from the program's own allocator (ADR 30).
   The names are weak because the compiler loads a library with SQLite in it too (the macros of sqlx), which never opens a database. */
#pragma weak mi_malloc
#pragma weak mi_realloc
#pragma weak mi_free

#define malloc mi_malloc
#define realloc mi_realloc
#define free mi_free
