package io.celeriac.badhouse.util;

public record Thing(String name) {}
