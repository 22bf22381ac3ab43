package io.celeriac.badhouse.unmarked;

public record Unmarked(String name) {}
