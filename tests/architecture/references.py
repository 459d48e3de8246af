"""Who names what: references between the top-level names of the product, imports and re-exports followed.

A name is a pair (module, name). An import is no reference, nor is standing in `__all__`: only code that uses the name.
Code at the top of a module that defines nothing stands under the name "".
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from tests.architecture.source import Source, sources

Name = tuple[str, str]


class Module:
    """One file: what its local names mean, and which of them each of its definitions uses."""

    def __init__(self, module: str, tree: ast.Module, modules: Iterable[str]) -> None:
        self.name = module
        self.defined = {name for node in tree.body for name in _defines(node)}
        self.imported: dict[str, Name] = {}
        self.aliases: dict[str, str] = {}
        self._read_imports(tree, set(modules))
        self.uses: dict[str, set[Name]] = defaultdict(set)
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom) or "__all__" in _defines(node):
                continue
            for owner in _defines(node) or ("",):
                self.uses[owner] |= set(self._used_by(node)) - {(module, owner)}

    def _read_imports(self, tree: ast.Module, modules: set[str]) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    if whole in modules:
                        self.aliases[alias.asname or alias.name] = whole
                    else:
                        self.imported[alias.asname or alias.name] = (node.module, alias.name)

    def _used_by(self, node: ast.stmt) -> Iterator[Name]:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                if inner.id in self.imported:
                    yield self.imported[inner.id]
                elif inner.id in self.defined:
                    yield self.name, inner.id
            elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                yield self.aliases.get(inner.value.id, ""), inner.attr


def _defines(node: ast.stmt) -> tuple[str, ...]:
    """The names that a statement at the top of a module defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.Assign(targets=targets):
            return tuple(target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return (name,)
    return ()


class References:
    """The references of a set of files."""

    def __init__(self, files: Iterable[tuple[str, ast.Module]]) -> None:
        trees = dict(files)
        self.modules = {name: Module(name, tree, trees) for name, tree in trees.items()}
        self.users: dict[Name, set[Name]] = defaultdict(set)
        for module in self.modules.values():
            for owner, used in module.uses.items():
                for name in used:
                    self.users[self.origin(name)].add((module.name, owner))

    def origin(self, name: Name) -> Name:
        """Follow a name through the packages that hand it on to where it is defined."""
        seen = set()
        while name not in seen and (module := self.modules.get(name[0])) is not None:
            seen.add(name)
            if name[1] in module.defined or name[1] not in module.imported:
                break
            name = module.imported[name[1]]
        return name

    def reached_from(self, roots: Iterable[str]) -> set[Name]:
        """Every name that the code of some modules uses, directly or through what it uses."""
        waiting = [self.origin(name) for root in roots for used in self.modules[root].uses.values() for name in used]
        reached: set[Name] = set()
        while waiting:
            name = waiting.pop()
            if name in reached:
                continue
            reached.add(name)
            module = self.modules.get(name[0])
            if module is not None:
                waiting += [self.origin(used) for used in module.uses.get(name[1], ())]
        return reached

    def unused(self, name: Name) -> bool:
        """Whether nothing but itself uses a name."""
        return not self.users.get(name, set()) - {name}


@cache
def references() -> References:
    """The references of the product."""
    return References((source.module, source.tree) for source in sources())


def public_names(source: Source, *kinds: type[ast.stmt]) -> list[str]:
    """The public functions (and classes) at the top of a file."""
    wanted = kinds or (ast.FunctionDef, ast.ClassDef)
    return [
        node.name
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and isinstance(node, wanted) and node.name[0] != "_"
    ]
