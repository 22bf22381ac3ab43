package io.celeriac.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.engine.store.IdSet.Bits;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdSetTest {

    private final IdSet set = new IdSet();

    /** Few different ids, so that they collide, come back and are taken out in every order. */
    @Test
    void holdsWhatAHashSetHolds() {
        var random = new Random(1);
        var expected = new HashSet<Bits>();
        for (int i = 0; i < 200_000; i++) {
            var id = new Bits(random.nextInt(3), 1 + random.nextInt(300));
            if (random.nextInt(5) < 3) {
                assertThat(set.add(id)).isEqualTo(expected.add(id));
            } else {
                assertThat(set.remove(id)).isEqualTo(expected.remove(id));
            }
            if (i % 10_000 == 0) {
                set.trim();
            }
        }

        assertThat(set.size()).isEqualTo(expected.size());
        for (int most = 0; most < 3; most++) {
            for (int least = 1; least <= 300; least++) {
                var id = new Bits(most, least);
                assertThat(set.contains(id)).isEqualTo(expected.contains(id));
            }
        }
    }

    @Test
    void takesAtMost24BytesAnIdWhenNoMoreAreToCome() {
        for (int i = 0; i < 100_000; i++) {
            set.add(Bits.of(new UUID(0x0197f1d27a2b7000L + i / 100, 0x8000000000000000L + i).toString()));
        }
        set.trim();

        assertThat(set.size()).isEqualTo(100_000);
        assertThat(set.bytes() / (double) set.size()).isLessThan(24);
    }

    @Test
    void knowsTheUuidOfZeros() {
        var zeros = new UUID(0, 0).toString();
        set.add(Bits.of(zeros));

        assertThat(set.contains(Bits.of(zeros))).isTrue();
        assertThat(List.of(new UUID(0, 1), new UUID(1, 0))).noneMatch(other -> set.contains(Bits.of(other.toString())));
    }
}
