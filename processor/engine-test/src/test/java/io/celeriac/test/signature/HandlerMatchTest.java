package io.celeriac.test.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.client.TaskHandle;
import io.celeriac.client.typed.Task;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskHandler;
import io.celeriac.test.TaskSandbox;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class HandlerMatchTest {

    record Address(String street, int number) {}

    record Place(String street, long number, String country) {}

    record Typo(String street, String number) {}

    record Parcel(UUID id, Address to) {}

    static class Handlers {

        @TaskHandler("mail.send")
        String send(String to, String subject, Optional<String> copy, TaskContext context) {
            return to;
        }

        @TaskHandler("mail.count")
        CompletableFuture<Integer> count(List<Long> ids, Instant since, BigDecimal most) {
            return CompletableFuture.completedFuture(ids.size());
        }

        @TaskHandler("parcel.send")
        void parcel(Parcel parcel) {}

        @TaskHandler("place.find")
        List<Place> find(Place near, Map<String, Object> filter) {
            return List.of(near);
        }

        @TaskHandler("any")
        Object any(Object anything, JsonNode json) {
            return anything;
        }
    }

    private final TaskSandbox celeriac = TaskSandbox.inline(new Handlers());

    interface Fitting {
        @Task("mail.send")
        TaskHandle<String> send(String subject, String to);

        @Task("mail.count")
        TaskHandle<Long> count(int[] ids, Instant since, int most);

        @Task("parcel.send")
        TaskHandle<Void> parcel(String id, Place to);

        @Task("parcel.send")
        TaskHandle<?> wholeParcel(Parcel parcel);

        @Task("place.find")
        TaskHandle<List<Address>> find(Address near, Map<String, Integer> filter);

        @Task("any")
        TaskHandle<JsonNode> any(String anything, Address json);
    }

    @Test
    void findsNoFaultWithWhatFits() {
        celeriac.assertHandlersMatch(Fitting.class);
    }

    interface Unknown {
        @Task("mail.sent")
        TaskHandle<String> send(String to, String subject);
    }

    interface Misnamed {
        @Task("mail.send")
        TaskHandle<String> send(String to, String title);
    }

    interface Mistyped {
        @Task("mail.count")
        TaskHandle<Integer> count(List<String> ids, Instant since, BigDecimal most);

        @Task("mail.send")
        TaskHandle<Integer> send(String to, int subject);
    }

    interface Deep {
        @Task("place.find")
        TaskHandle<List<Typo>> find(Typo near, Map<String, Object> filter);
    }

    interface Hopeful {
        @Task("parcel.send")
        TaskHandle<String> parcel(Parcel parcel);
    }

    interface Empty {}

    private void assertFaults(Class<?> calls, String... faults) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> celeriac.assertHandlersMatch(calls))
                .satisfies(
                        thrown -> assertThat(thrown.getMessage().lines().skip(1).map(String::strip))
                                .containsExactlyInAnyOrder(faults));
    }

    @Test
    void namesATaskWithoutHandler() {
        assertFaults(
                Unknown.class,
                "Unknown.send: no handler for \"mail.sent\"; there are [any, mail.count, mail.send, parcel.send,"
                        + " place.find]");
    }

    @Test
    void namesAnArgumentThatNobodyTakesAndOneThatNobodyGives() {
        assertFaults(
                Misnamed.class,
                "Misnamed.send: Handlers.send has no argument \"title\"; it takes [to, subject, copy]",
                "Misnamed.send: Handlers.send needs \"subject\"");
    }

    @Test
    void namesTypesThatDoNotFit() {
        assertFaults(
                Mistyped.class,
                "Mistyped.count: \"ids\" is java.util.List<java.lang.String>, but Handlers.count takes"
                        + " java.util.List<java.lang.Long>",
                "Mistyped.send: \"subject\" is int, but Handlers.send takes java.lang.String",
                "Mistyped.send expects java.lang.Integer, but Handlers.send returns java.lang.String");
    }

    @Test
    void looksIntoRecords() {
        var names = "io.celeriac.test.signature.HandlerMatchTest$";
        assertFaults(
                Deep.class,
                "Deep.find: \"near\" is " + names + "Typo, but Handlers.find takes " + names
                        + "Place (\"number\" is java.lang.String, and not long)",
                "Deep.find expects java.util.List<" + names + "Typo>, but Handlers.find returns java.util.List<" + names
                        + "Place> (\"number\" is long, and not java.lang.String)");
    }

    @Test
    void namesAResultThatNobodyReturns() {
        assertFaults(Hopeful.class, "Hopeful.parcel expects java.lang.String, but Handlers.parcel returns nothing");
    }

    @Test
    void refusesAnInterfaceWithoutTasks() {
        assertFaults(Empty.class, Empty.class.getName() + " has no @Task method");
    }
}
