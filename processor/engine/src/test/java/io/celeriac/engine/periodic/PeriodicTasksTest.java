package io.celeriac.engine.periodic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.schedule.Overlap;
import io.celeriac.contract.schedule.RegisterPolicy;
import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import io.celeriac.engine.PeriodicTask;
import io.celeriac.engine.TaskHandler;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodicTasksTest {

    private static final Map<String, String> SETTINGS = Map.of("${every}", "PT7S", "${off}", "-", "${no}", "false");

    private final PeriodicTasks tasks = new PeriodicTasks("mail", text -> SETTINGS.getOrDefault(text, text));

    static class Good {

        @TaskHandler("a.least")
        @PeriodicTask(every = "PT3S")
        void least() {}

        @TaskHandler("b.most")
        @PeriodicTask(
                name = "most",
                crontab = "0 4 * * *",
                zone = "Europe/Berlin",
                args = "[1, 19.990]",
                kwargs = "{\"to\": \"ünï\"}",
                queue = "other",
                priority = 9,
                expiresAfter = "PT3M",
                jitter = "PT5S",
                overlap = Overlap.BUFFER_ONE,
                catchUp = CatchUpPolicy.ALL,
                catchUpWindow = "PT2H",
                labels = {"tenant=a", "formula=a=b"},
                description = "why",
                enabled = "${no}",
                policy = RegisterPolicy.OVERWRITE)
        void most() {}

        @TaskHandler("c.several")
        @PeriodicTask(name = "z", every = "${every}", policy = RegisterPolicy.CREATE_ONLY)
        @PeriodicTask(name = "y", crontab = "@daily")
        @PeriodicTask(name = "x", crontab = "${off}")
        void several() {}
    }

    @Test
    void becomeTheJsonOfSchedules() {
        add(Good.class, "least", "most", "several");

        assertThat(tasks.declared())
                .containsExactly(
                        declared(
                                RegisterPolicy.UPDATE,
                                "{'name':'a.least','task':'a.least','queue':'mail','kind':'interval','every':'PT3S'}"),
                        declared(
                                RegisterPolicy.OVERWRITE,
                                "{'name':'most','task':'b.most','args':[1,19.990],'kwargs':{'to':'ünï'},'queue':'other',"
                                        + "'priority':9,'labels':{'tenant':'a','formula':'a=b'},'kind':'crontab',"
                                        + "'expression':'0 4 * * *','timezone':'Europe/Berlin','enabled':false,"
                                        + "'catchUp':'all','catchUpWindow':'PT2H','expiresAfter':'PT3M','jitter':'PT5S',"
                                        + "'overlap':'buffer_one','description':'why'}"),
                        declared(
                                RegisterPolicy.UPDATE,
                                "{'name':'y','task':'c.several','queue':'mail','kind':'crontab','expression':'@daily'}"),
                        declared(
                                RegisterPolicy.CREATE_ONLY,
                                "{'name':'z','task':'c.several','queue':'mail','kind':'interval','every':'PT7S'}"));
    }

    @Test
    void areTheSameInWhateverOrderTheyAreFound() {
        add(Good.class, "several", "most", "least");

        assertThat(tasks.declared()).extracting(Declared::name).containsExactly("a.least", "most", "y", "z");
    }

    static class Bad {

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", crontab = "@daily")
        void both() {}

        @TaskHandler("bad")
        @PeriodicTask
        void neither() {}

        @PeriodicTask(every = "PT3S")
        void noHandler() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "3s")
        void noDuration() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT0S")
        void zero() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", jitter = "-PT1S")
        void negative() {}

        @TaskHandler("bad")
        @PeriodicTask(crontab = "@daily", zone = "Europe/Atlantis")
        void noZone() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", args = "[1")
        void noJson() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", kwargs = "[]")
        void noObject() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", args = "")
        void nothing() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", queue = "No")
        void noQueue() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", priority = 10)
        void noPriority() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", labels = "tenant")
        void noLabel() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", enabled = "yes")
        void noBoolean() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", name = "no spaces")
        void noName() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", name = "a")
        @PeriodicTask(every = "PT4S")
        void unnamed() {}

        @TaskHandler("bad")
        @PeriodicTask(every = "PT3S", name = "a")
        @PeriodicTask(every = "PT4S", name = "a")
        void twice() {}
    }

    @ParameterizedTest
    @CsvSource({
        "both, exactly one of every and crontab",
        "neither, exactly one of every and crontab",
        "noHandler, must be a @TaskHandler",
        "noDuration, 'every must be an ISO-8601 duration such as PT30S, but is \"3s\"'",
        "zero, every must be longer than zero",
        "negative, jitter must not be negative",
        "noZone, zone must be a time zone such as Europe/Berlin",
        "noJson, args must be JSON",
        "noObject, kwargs must be JSON such as {}",
        "nothing, args must be JSON such as []",
        "noQueue, 'queue must match'",
        "noPriority, priority must be from 0 to 9",
        "noLabel, labels must each be a name and a value",
        "noBoolean, enabled must be true or false",
        "noName, name must match",
        "unnamed, name must be given to each",
        "twice, 'name \"a\" is taken by one on'"
    })
    void tellWhereAndWhatIsWrong(String method, String what) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> add(Bad.class, method))
                .withMessageStartingWith("@PeriodicTask on " + Bad.class.getName() + '.' + method + ": ")
                .withMessageContaining(what);
    }

    private void add(Class<?> type, String... methods) {
        for (var name : methods) {
            var method = Arrays.stream(type.getDeclaredMethods())
                    .filter(each -> each.getName().equals(name))
                    .findFirst()
                    .orElseThrow();
            tasks.add(
                    method,
                    method.getAnnotation(TaskHandler.class),
                    List.of(method.getAnnotationsByType(PeriodicTask.class)));
        }
    }

    private static Declared declared(RegisterPolicy policy, String json) {
        return new Declared(
                policy, (tools.jackson.databind.node.ObjectNode) TaskJson.MAPPER.readTree(json.replace('\'', '"')));
    }
}
