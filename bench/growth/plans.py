"""How PostgreSQL goes about the statements that it was sent: by an index, or through a whole table."""

from re import compile as pattern
from re import findall

from house import Cluster

# Asked for by everybody who signs in, and not once in a while by a worker.
HOT = 100
# What is smaller fits into some pages, and is read from end to end however good its index.
BIG = 1000
STATEMENTS = pattern(r"^(SELECT|INSERT|UPDATE|DELETE|WITH)\b")


def hot_statements(cluster: Cluster) -> list[str]:
    query = f"""SELECT json_agg(query) FROM pg_stat_statements
        WHERE calls >= {HOT} AND dbid = (SELECT oid FROM pg_database WHERE datname = 'countersign')"""
    return [one for one in cluster.json(query) or [] if STATEMENTS.match(one)]


def big_tables(cluster: Cluster) -> set[str]:
    query = f"""SELECT json_agg(relname) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > {BIG}"""
    return set(cluster.json(query) or [])


def plan(cluster: Cluster, statement: str) -> str:
    """The plan for any value: which one is in the statement, the statistics do not tell."""
    count = max((int(number) for number in findall(r"\$(\d+)", statement)), default=0)
    nothing = f"({', '.join(['NULL'] * count)})" if count else ""
    return cluster.sql(
        f"SET plan_cache_mode = force_generic_plan; PREPARE asked AS {statement}; EXPLAIN EXECUTE asked{nothing}"
    )


def scans(cluster: Cluster) -> tuple[int, list[str]]:
    """How many hot statements there are, and those that read a big table from end to end."""
    statements, big = hot_statements(cluster), big_tables(cluster)
    found = []
    for statement in statements:
        lines = plan(cluster, statement).splitlines()
        read = {name for line in lines for name in findall(r"Seq Scan on (\w+)", line)}
        if read & big:
            found.append(f"{', '.join(sorted(read & big))} in: {statement}\n" + "\n".join(lines))
    return len(statements), found
