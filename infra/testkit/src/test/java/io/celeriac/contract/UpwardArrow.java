package io.celeriac.contract;

import io.celeriac.beat.Ticker;

public record UpwardArrow(Ticker ticker) {}
