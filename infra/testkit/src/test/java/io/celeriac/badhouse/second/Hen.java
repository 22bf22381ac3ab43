package io.celeriac.badhouse.second;

import io.celeriac.badhouse.first.Egg;

public final class Hen {

    public Egg lay() {
        return new Egg(60);
    }
}
