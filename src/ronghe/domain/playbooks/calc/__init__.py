"""The playbook file format: reading, checking, joining with its bases. Imports no Django."""
