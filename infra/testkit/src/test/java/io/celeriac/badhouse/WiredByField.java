package io.celeriac.badhouse;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

final class WiredByField {

    @Autowired
    @Nullable
    Runnable task;
}
