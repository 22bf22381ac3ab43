package io.celeriac.badhouse.first;

import io.celeriac.badhouse.second.Hen;

public record Egg(int weight) {

    public Hen hatch() {
        return new Hen();
    }
}
