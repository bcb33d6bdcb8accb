"""Runs that write: fetch and load, the scheduled update, notices, receipts, private boards."""
