#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Check documents against an official schema, strictly: a field that the schema doesn't know is an error.

schema.py kubernetes SWAGGER FILE   each YAML document of a kind that Kubernetes' API has
schema.py cdi FOLDER FILE           a specification of the Container Device Interface; FOLDER has schema.json and defs.json
"""
import json
import pathlib
import sys

import jsonschema
import yaml


def strict(schema):
    """An object whose fields are listed has no others."""
    if isinstance(schema, dict):
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            strict(value)
    elif isinstance(schema, list):
        for value in schema:
            strict(value)


def kubernetes(path, file):
    swagger = json.loads(pathlib.Path(path).read_text())
    strict(swagger["definitions"])
    kinds = {}
    for name, definition in swagger["definitions"].items():
        for kind in definition.get("x-kubernetes-group-version-kind", []):
            group = kind["group"] + "/" if kind["group"] else ""
            kinds[group + kind["version"], kind["kind"]] = name
    for document in yaml.safe_load_all(pathlib.Path(file).read_text()):
        name = kinds.get((document["apiVersion"], document["kind"]))
        if name is None and document["apiVersion"] == "k8s.cni.cncf.io/v1":
            continue  # a custom resource: the API's schema knows nothing of it
        schema = {"$ref": f"#/definitions/{name}", "definitions": swagger["definitions"]}
        yield document, schema


def cdi(folder, file):
    folder = pathlib.Path(folder)
    # one document: the references go from one file to the other
    schema = json.loads((folder / "schema.json").read_text().replace('"defs.json#', '"#'))
    schema.update(json.loads((folder / "defs.json").read_text()))
    strict(schema)
    yield json.loads(pathlib.Path(file).read_text()), schema


def main():
    wrong = 0
    checked = 0
    for document, schema in {"kubernetes": kubernetes, "cdi": cdi}[sys.argv[1]](*sys.argv[2:]):
        checked += 1
        for error in jsonschema.Draft7Validator(schema).iter_errors(document):
            wrong += 1
            print("/".join(str(part) for part in error.absolute_path) + ": " + error.message)
    print(f"{checked} checked, {wrong} wrong")
    sys.exit(1 if wrong or not checked else 0)


if __name__ == "__main__":
    main()
