package io.celeriac.badhouse;

import java.time.Instant;

final class SystemTime {

    boolean agree() {
        return Instant.now().toEpochMilli() == System.currentTimeMillis();
    }
}
