package io.celeriac.controlweb.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.LiveSetting.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingLogTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String KEY = limits("any", 1).key();

    private final SettingLog log = new SettingLog();
    private long end;

    private static LiveSetting limits(String id, @Nullable Integer concurrency) {
        return LiveSetting.ofLimits(Kind.HANDLER, "mail.send", id, "ada", NOW, concurrency, null, null);
    }

    private void change(String id, @Nullable String expected) {
        log.read(limits(id, 1), expected == null ? ChangeTerms.NONE : ChangeTerms.expecting(expected), end++);
    }

    private void restore(String id, long after) {
        log.read(limits(id, 1), ChangeTerms.restoring(after), end++);
    }

    @Test
    void theFirstOfSeveralChangesAtOnceHolds() {
        change("seen", null);
        change("first", "seen");
        change("second", "seen");
        change("third", "seen");

        assertThat(log.winnerOver("first")).isEmpty();
        assertThat(log.winnerOver("second")).contains(limits("first", 1));
        assertThat(log.winnerOver("third")).contains(limits("first", 1));
        assertThat(log.repair(KEY)).contains(new SettingLog.Repair(limits("first", 1), 3));

        restore("first", 3);
        assertThat(log.repair(KEY)).isEmpty();
        change("later", "first");
        assertThat(log.winnerOver("later")).isEmpty();
    }

    /** Somebody has seen the first change, and changed it, before the late one was written. */
    @Test
    void aChangeBetweenTwoOthersIsNotLost() {
        change("seen", null);
        change("first", "seen");
        change("between", "first");
        change("late", "seen");

        assertThat(log.winnerOver("between")).isEmpty();
        assertThat(log.winnerOver("late")).contains(limits("between", 1));
        assertThat(log.repair(KEY)).contains(new SettingLog.Repair(limits("between", 1), 3));
    }

    @Test
    void aChangeBetweenALateOneAndItsRepairIsNotLost() {
        change("seen", null);
        change("first", "seen");
        change("late", "seen");
        change("third", null);
        restore("first", 2); // decided before the third one was read

        assertThat(log.repair(KEY)).contains(new SettingLog.Repair(limits("third", 1), 4));
        restore("third", 4);
        assertThat(log.repair(KEY)).isEmpty();
    }

    @Test
    void twoRepairsOfTheSameDoNoHarm() {
        change("seen", null);
        change("first", "seen");
        change("late", "seen");
        restore("first", 2);
        restore("first", 2);

        assertThat(log.repair(KEY)).isEmpty();
        change("next", "first");
        assertThat(log.winnerOver("next")).isEmpty();
    }

    @Test
    void whoHasSeenALateChangeInForceMayChangeIt() {
        change("seen", null);
        change("first", "seen");
        change("late", "seen");
        change("next", "late");

        assertThat(log.winnerOver("next")).isEmpty();
        assertThat(log.repair(KEY)).isEmpty();
    }

    @Test
    void aSettingThatWasTakenBackIsNone() {
        log.read(limits("back", null), ChangeTerms.NONE, end++);
        change("first", "");
        change("second", "");

        assertThat(log.winnerOver("first")).isEmpty();
        assertThat(log.winnerOver("second")).contains(limits("first", 1));
        assertThat(log.winnerOver("unknown")).isEmpty();
    }

    @Test
    void theFirstRecordThatIsKnownHolds() {
        change("first", "compacted away");
        assertThat(log.winnerOver("first")).isEmpty();

        log.forget(KEY);
        change("second", "first");
        assertThat(log.winnerOver("second")).isEmpty();
        assertThat(log.repair(KEY)).isEmpty();
    }

    /** Gateways that are behind write repairs and changes in any order. After the last repair, what holds is what was written last. */
    @Test
    void endsWithWhatHoldsInWhateverOrderGatewaysWrite() {
        var random = new Random(7);
        for (var round = 0; round < 200; round++) {
            var repairs = new ArrayList<SettingLog.Repair>();
            var expected = List.of("seen" + round, "c" + round + "-0", "c" + round + "-1");
            change("seen" + round, null);
            for (var number = 0; number < 8; number++) {
                change("c" + round + "-" + number, expected.get(random.nextInt(expected.size())));
                log.repair(KEY).ifPresent(repairs::add);
                if (!repairs.isEmpty() && random.nextBoolean()) {
                    var late = repairs.remove(random.nextInt(repairs.size()));
                    restore(late.setting().id(), late.after());
                }
            }
            for (var repair = log.repair(KEY); repair.isPresent(); repair = log.repair(KEY)) {
                restore(repair.get().setting().id(), repair.get().after());
                assertThat(log.repair(KEY)).isEmpty();
            }
        }
    }

    @Test
    void termsAreHeadersOfTheRecord() {
        for (var terms : List.of(
                ChangeTerms.NONE, ChangeTerms.expecting(""), ChangeTerms.expecting("a"), ChangeTerms.restoring(7))) {
            assertThat(ChangeTerms.of(new RecordHeaders(terms.headers()))).isEqualTo(terms);
        }
        var foreign = new RecordHeaders().add("celeriac-restores", "x".getBytes(StandardCharsets.UTF_8));
        assertThat(ChangeTerms.of(foreign)).isEqualTo(ChangeTerms.NONE);
    }
}
