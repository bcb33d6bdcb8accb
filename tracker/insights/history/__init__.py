"""Boards and models through time: histories, leaders, replay, changes and causes."""
