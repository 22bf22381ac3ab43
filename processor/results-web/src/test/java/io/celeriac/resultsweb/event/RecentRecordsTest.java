package io.celeriac.resultsweb.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is kept in memory must be all that a position asks for, or be said not to be. */
class RecentRecordsTest {

    private static final int SIZE = KeptRecord.mark(Position.START).size() + 100;

    private final StateChangeReader reader = new StateChangeReader(UnaryOperator.identity());
    private final RecentRecords recent = new RecentRecords(3L * SIZE);

    RecentRecordsTest() {
        recent.begin(Position.parse("0-10.1-20"));
    }

    @Test
    void givesWhatCameAfterAPosition() {
        append(0, 10);
        append(1, 20);

        assertThat(after("0-10.1-20")).containsExactly("0-10", "1-20");
        assertThat(recent.last().after()).hasToString("0-11.1-21");
        assertThat(recent.last().next()).isNull();
    }

    @Test
    void knowsNothingOfWhatWasBeforeItBegan() {
        assertThat(recent.startFor(Position.parse("0-9.1-20"))).isEmpty();
        assertThat(recent.startFor(Position.parse("0-10"))).isEmpty();
        assertThat(recent.startFor(Position.parse("0-10.1-20"))).isPresent();
    }

    @Test
    void forgetsTheOldestAndSaysSo() {
        var start = recent.last();
        append(0, 10);
        append(1, 20);
        append(0, 11);
        assertThat(recent.startFor(Position.parse("0-10.1-20"))).isPresent();
        append(0, 12);

        assertThat(recent.startFor(Position.parse("0-10.1-21"))).isEmpty();
        assertThat(after("0-11.1-20")).containsExactly("1-20", "0-11", "0-12");
        var oldest = Objects.requireNonNull(start.next());
        assertThat(oldest.isForgotten()).isTrue();
        assertThat(oldest.change(reader)).isEmpty();
    }

    @Test
    void keepsARecordTooLargeForItNoLongerThanOthers() {
        recent.append(0, 10, new byte[10 * SIZE]);

        assertThat(recent.startFor(Position.parse("0-10.1-20"))).isEmpty();
        assertThat(recent.startFor(Position.parse("0-11.1-20"))).isPresent();
    }

    @Test
    void remembersHowFarItWasReadWithoutARecord() {
        recent.reached(Position.parse("0-12.1-20"));
        var mark = recent.last();
        recent.reached(Position.parse("0-12"));

        assertThat(mark.after()).hasToString("0-12.1-20");
        assertThat(recent.last()).isSameAs(mark);
        assertThat(mark.isBehind(Position.START)).isTrue();
    }

    @Test
    void takesUpANewPartitionFromItsBeginning() {
        append(2, 0);

        assertThat(after("0-10.1-20")).containsExactly("2-0");
        assertThat(recent.last().after()).hasToString("0-10.1-20.2-1");
    }

    @Test
    void passesOverWhatIsNoResult() {
        recent.append(0, 10, null);
        recent.append(0, 11, new byte[] {'{'});

        var start = recent.startFor(Position.parse("0-10.1-20")).orElseThrow();
        var tombstone = Objects.requireNonNull(start.next());
        assertThat(tombstone.change(reader)).isEmpty();
        assertThat(Objects.requireNonNull(tombstone.next()).change(reader)).isEmpty();
    }

    @Test
    void readsARecordOnce() {
        recent.append(0, 10, Results.json("a"));

        assertThat(recent.last().change(reader).orElseThrow())
                .isSameAs(recent.last().change(reader).orElseThrow());
    }

    private void append(int partition, long offset) {
        recent.append(partition, offset, new byte[100]); // all of one size
    }

    private List<String> after(String position) {
        var records = new ArrayList<String>();
        var record = recent.startFor(Position.parse(position)).orElseThrow().next();
        while (record != null) {
            records.add(record.partition() + "-" + record.offset());
            record = record.next();
        }
        return records;
    }
}
