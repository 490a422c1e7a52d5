"""Questions the office asks: measures and rules to findings, one module a question."""
