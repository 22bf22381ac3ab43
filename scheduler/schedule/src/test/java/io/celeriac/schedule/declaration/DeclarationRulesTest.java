package io.celeriac.schedule.declaration;

import static io.celeriac.contract.schedule.RegisterPolicy.CREATE_ONLY;
import static io.celeriac.contract.schedule.RegisterPolicy.OVERWRITE;
import static io.celeriac.contract.schedule.RegisterPolicy.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.schedule.RegisterPolicy;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.ScheduleJson;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;
import io.celeriac.schedule.declaration.Decision.Create;
import io.celeriac.schedule.declaration.Decision.Delete;
import io.celeriac.schedule.declaration.Decision.Forget;
import io.celeriac.schedule.declaration.Decision.Leave;
import io.celeriac.schedule.declaration.Decision.Replace;
import io.celeriac.schedule.declaration.Decision.Same;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

class DeclarationRulesTest {

    private static final String ID = "its id";
    private static final ObjectNode HOURLY = json("PT1H");
    private static final ObjectNode DAILY = json("PT24H");

    private final Remembered asHourly = Remembered.NOTHING.made(ID, HOURLY);

    @ParameterizedTest
    @EnumSource
    void createsWhatWasNeverThere(RegisterPolicy policy) {
        assertThat(decide(policy, HOURLY, Remembered.NOTHING, null)).isEqualTo(new Create(read(HOURLY)));
    }

    @Test
    void createsWhatAPersonHasDeletedOnlyWhenItChangesOrIsOverwritten() {
        assertThat(decide(CREATE_ONLY, HOURLY, asHourly, null)).isInstanceOf(Leave.class);
        assertThat(decide(UPDATE, HOURLY, asHourly, null)).isInstanceOf(Leave.class);
        assertThat(decide(UPDATE, json("PT60M"), asHourly, null))
                .as("the same in other words")
                .isInstanceOf(Leave.class);
        assertThat(decide(CREATE_ONLY, DAILY, asHourly, null)).isEqualTo(new Create(read(DAILY)));
        assertThat(decide(UPDATE, DAILY, asHourly, null)).isEqualTo(new Create(read(DAILY)));
        assertThat(decide(OVERWRITE, HOURLY, asHourly, null)).isEqualTo(new Create(read(HOURLY)));
    }

    @Test
    void createsWhatWasDeletedWhileItWasNotDeclared() {
        assertThat(decide(UPDATE, HOURLY, asHourly.gone(null), null)).isEqualTo(new Create(read(HOURLY)));
    }

    @Test
    void leavesWhatIsAsDeclared() {
        var there = stored(read(HOURLY));

        assertThat(decide(CREATE_ONLY, HOURLY, asHourly, there)).isEqualTo(new Leave(null));
        assertThat(decide(UPDATE, HOURLY, asHourly, there)).isEqualTo(new Same(ID));
        assertThat(decide(OVERWRITE, HOURLY, asHourly, there)).isEqualTo(new Same(ID));
    }

    @Test
    void bringsUpToDateWhatNobodyHasChanged() {
        var there = stored(read(HOURLY));

        assertThat(decide(CREATE_ONLY, DAILY, asHourly, there)).isEqualTo(new Leave(null));
        assertThat(decide(UPDATE, DAILY, asHourly, there)).isEqualTo(new Replace(read(DAILY)));
        assertThat(decide(OVERWRITE, DAILY, asHourly, there)).isEqualTo(new Replace(read(DAILY)));
    }

    @Test
    void leavesWhatAPersonHasChanged() {
        var there = stored(read(json("PT7H")));

        assertThat(decide(CREATE_ONLY, DAILY, asHourly, there)).isEqualTo(new Leave(null));
        assertThat(decide(UPDATE, DAILY, asHourly, there)).isEqualTo(new Leave("a person has changed it"));
        assertThat(decide(UPDATE, HOURLY, asHourly, there)).isEqualTo(new Leave("a person has changed it"));
        assertThat(decide(OVERWRITE, HOURLY, asHourly, there)).isEqualTo(new Replace(read(HOURLY)));
    }

    @Test
    void goesOnWithWhatAPersonHasChangedBackOrToWhatIsDeclaredNow() {
        var left = asHourly.left(DAILY, "a person has changed it");

        assertThat(decide(UPDATE, DAILY, left, stored(read(HOURLY)))).isEqualTo(new Replace(read(DAILY)));
        assertThat(decide(UPDATE, DAILY, left, stored(read(DAILY)))).isEqualTo(new Same(ID));
    }

    @Test
    void keepsAPauseAndItsReason() {
        var paused = read(HOURLY).toBuilder().enabled(false).note("too loud").build();

        assertThat(decide(UPDATE, HOURLY, asHourly, stored(paused))).isEqualTo(new Same(ID));
        assertThat(decide(UPDATE, DAILY, asHourly, stored(paused)))
                .isEqualTo(new Replace(
                        read(DAILY).toBuilder().enabled(false).note("too loud").build()));
        assertThat(decide(OVERWRITE, HOURLY, asHourly, stored(paused))).isEqualTo(new Replace(read(HOURLY)));
    }

    @Test
    void pausesByDeclarationWhatNoPersonHasPausedOrResumed() {
        var off = HOURLY.deepCopy().put("enabled", false);
        var asOff = Remembered.NOTHING.made(ID, off);

        assertThat(decide(UPDATE, off, asHourly, stored(read(HOURLY)))).isEqualTo(new Replace(read(off)));
        assertThat(decide(UPDATE, off, asOff, stored(read(HOURLY))))
                .as("resumed")
                .isEqualTo(new Same(ID));
    }

    @Test
    void doesNotSetBackWhatIsCounted() {
        var thrice = HOURLY.deepCopy().put("remaining", 3);
        var before = Remembered.NOTHING.made(ID, thrice);
        var once = stored(read(thrice).toBuilder().remaining(1L).build());

        assertThat(decide(UPDATE, thrice, before, once)).isEqualTo(new Same(ID));
        assertThat(decide(OVERWRITE, thrice, before, once)).isEqualTo(new Same(ID));
        assertThat(decide(UPDATE, HOURLY.deepCopy().put("remaining", 9), before, once))
                .isInstanceOf(Replace.class);
        assertThat(decide(UPDATE, DAILY, asHourly, once)).as("set by a person").isInstanceOf(Leave.class);
    }

    @Test
    void takesOverWhatIsSomebodyElsesOnlyWhenToldTo() {
        var there = stored(read(HOURLY));

        assertThat(decide(CREATE_ONLY, HOURLY, Remembered.NOTHING, there)).isEqualTo(new Leave(null));
        assertThat(decide(UPDATE, HOURLY, Remembered.NOTHING, there))
                .isEqualTo(new Leave("there is one of that name already, made by ada"));
        assertThat(decide(OVERWRITE, HOURLY, Remembered.NOTHING, there)).isEqualTo(new Replace(read(HOURLY)));
        assertThat(decide(UPDATE, DAILY, Remembered.NOTHING.made("deleted, and made anew by ada", HOURLY), there))
                .isInstanceOf(Leave.class);
    }

    @Test
    void deletesWhatIsGoneOnlyWhenToldToAndNobodyHasTouchedIt() {
        var there = stored(read(HOURLY));
        var paused = stored(read(HOURLY).toBuilder().enabled(false).build());

        assertThat(DeclarationRules.decideGone(true, asHourly, there)).isEqualTo(new Delete());
        assertThat(DeclarationRules.decideGone(false, asHourly, there)).isEqualTo(new Leave(null));
        assertThat(DeclarationRules.decideGone(true, asHourly, paused))
                .isEqualTo(new Leave("it is declared no more, but a person has changed it"));
        assertThat(DeclarationRules.decideGone(true, asHourly, null)).isEqualTo(new Forget());
        assertThat(DeclarationRules.decideGone(true, Remembered.NOTHING.left(HOURLY, "taken"), there))
                .isEqualTo(new Forget());
    }

    /** A rule may have become stricter since: then nobody can tell what is a person's, and it stays. */
    @Test
    void leavesWhatWasMadeOfSomethingThatIsNoScheduleAnyMore() {
        var before = new Remembered(ID, HOURLY, HOURLY.deepCopy().put("every", "PT0S"), null);

        assertThat(decide(UPDATE, DAILY, before, stored(read(HOURLY)))).isInstanceOf(Leave.class);
        assertThat(DeclarationRules.decideGone(true, before, stored(read(HOURLY))))
                .isInstanceOf(Leave.class);
    }

    private static Decision decide(
            RegisterPolicy policy, ObjectNode declared, Remembered before, @Nullable StoredSchedule there) {
        return DeclarationRules.decide(policy, read(declared), before, there);
    }

    private static StoredSchedule stored(Schedule schedule) {
        var signed = new Signed(Instant.EPOCH, "ada");
        return new StoredSchedule(ID, schedule, Progress.NONE, 1, signed, signed);
    }

    private static Schedule read(ObjectNode json) {
        return ScheduleJson.schedule(null, json);
    }

    private static ObjectNode json(String every) {
        return TaskJson.MAPPER
                .createObjectNode()
                .put("name", "a")
                .put("task", "a")
                .put("kind", "interval")
                .put("every", every);
    }
}
