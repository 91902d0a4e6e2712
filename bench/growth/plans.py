"""How PostgreSQL goes about the statements that it was sent: by an index, or through a whole table."""

from re import Match, findall, sub
from re import compile as pattern

from population import Population

# Asked for by everybody who signs in, and not once in a while by a worker.
HOT = 100
# What is smaller fits into some pages, and is read from end to end however good its index.
BIG = 1000
# The lists that statements have in themselves, by their columns: budgets, and messages that ended.
LISTS = {2: ["text", "bigint"], 6: ["uuid", "bigint", "text", "text", "text", "text"]}
STATEMENTS = pattern(r"^(SELECT|INSERT|UPDATE|DELETE|WITH)\b")


def hot_statements(people: Population) -> list[str]:
    query = f"""SELECT json_agg(query) FROM pg_stat_statements
        WHERE calls >= {HOT} AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())"""
    return [one for one in people.json(query) or [] if STATEMENTS.match(one)]


def big_tables(people: Population) -> set[str]:
    query = f"""SELECT json_agg(relname) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > {BIG}"""
    return set(people.json(query) or [])


def typed(row: Match[str]) -> str:
    """The driver says what types its values have; without that, those of a list are text."""
    values = row[1].split(", ")
    typed_values = (f"{value}::{kind}" for value, kind in zip(values, LISTS[len(values)], strict=True))
    return f"(VALUES ({', '.join(typed_values)})"


def plan(people: Population, statement: str) -> str:
    """The plan for any value: which one is in the statement, the statistics do not tell."""
    count = max((int(number) for number in findall(r"\$(\d+)", statement)), default=0)
    nothing = f"({', '.join(['NULL'] * count)})" if count else ""
    statement = sub(r"\(VALUES \((.+?)\)", typed, statement)
    return people.sql(
        f"SET plan_cache_mode = force_generic_plan; PREPARE asked AS {statement}; EXPLAIN EXECUTE asked{nothing}"
    )


def scans(people: Population) -> tuple[int, list[str]]:
    """How many hot statements there are, and those that read a big table from end to end."""
    statements, big = hot_statements(people), big_tables(people)
    found = []
    for statement in statements:
        lines = plan(people, statement).splitlines()
        read = {name for line in lines for name in findall(r"Seq Scan on (\w+)", line)}
        if read & big:
            found.append(f"{', '.join(sorted(read & big))} in: {statement}\n" + "\n".join(lines))
    return len(statements), found
