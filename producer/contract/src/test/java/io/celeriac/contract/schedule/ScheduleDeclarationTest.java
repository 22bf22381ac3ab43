package io.celeriac.contract.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleDeclarationTest {

    @Test
    void updatesUnlessToldOtherwise() {
        var declaration = read("{'command':'declare-schedules','source':'a','schedules':[{'schedule':{'name':'x'}}]}");

        assertThat(declaration.schedules()).extracting(Declared::policy).containsExactly(RegisterPolicy.UPDATE);
        assertThat(declaration.deleteGone()).isFalse();
    }

    @Test
    void refusesWhatIsNone() {
        assertRefused("{'source':'a'}", "schedules");
        assertRefused("{'schedules':[]}", "source");
        assertRefused("{'source':' ','schedules':[]}", "1 to 100 characters");
        assertRefused("{'source':'a','schedules':[{'policy':'shrug','schedule':{}}]}", "policy");
        assertRefused("{'source':'a','schedules':[{'schedule':7}]}", "schedules[0].schedule");
        assertRefused("{'source':'a','schedules':[{}]}", "schedule");
    }

    @Test
    void tellsThatItIsTooLarge() {
        var schedule = TaskJson.MAPPER.createObjectNode().put("name", "x".repeat(ScheduleDeclaration.MOST_BYTES));
        var declaration =
                new ScheduleDeclaration("a", false, List.of(new Declared(RegisterPolicy.CREATE_ONLY, schedule)));

        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(declaration::bytes)
                .withMessageContaining("the 1 schedules of a come to 10");
    }

    @Test
    void hasNoNameWhereItIsNoString() {
        var schedule = TaskJson.MAPPER.createObjectNode();

        assertThat(new Declared(RegisterPolicy.CREATE_ONLY, schedule).name()).isNull();
        assertThat(new Declared(RegisterPolicy.CREATE_ONLY, schedule.put("name", 7)).name())
                .isNull();
        assertThat(new Declared(RegisterPolicy.CREATE_ONLY, schedule.put("name", "n")).name())
                .isEqualTo("n");
    }

    @Test
    void isNoOrderForWorkers() {
        assertThat(Command.Kind.isOne(ScheduleDeclaration.COMMAND)).isFalse();
        for (var kind : Command.Kind.values()) {
            assertThat(TaskJson.tree(kind).stringValue()).isEqualTo(kind.word());
            assertThat(Command.Kind.isOne(kind.word())).isTrue();
        }
    }

    private static void assertRefused(String json, String words) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read(json))
                .withMessageContaining(words);
    }

    private static ScheduleDeclaration read(String json) {
        return TaskJson.declaration(json.replace('\'', '"').getBytes(UTF_8));
    }
}
