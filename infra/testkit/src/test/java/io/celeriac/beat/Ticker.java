package io.celeriac.beat;

public record Ticker(int ticks) {}
