package io.celeriac.test.sent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.client.TaskOptions;
import io.celeriac.client.TaskType;
import io.celeriac.contract.task.Task;
import io.celeriac.test.TaskSandbox;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SentTasksAssertTest {

    record SendEmail(String to, long copies) {
        static final TaskType<SendEmail, String> TASK = TaskType.of("mail.send", SendEmail.class, String.class);
    }

    private final TaskSandbox celeriac = TaskSandbox.recording();
    private final SentTasks sent = celeriac.sent();

    private void mail(String to, UnaryOperator<TaskOptions> options) {
        celeriac.client().send(SendEmail.TASK, new SendEmail(to, 2), options);
    }

    private void mail(String to) {
        mail(to, UnaryOperator.identity());
    }

    private static void assertRefused(Consumer<Void> assertion, String... parts) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertion.accept(null))
                .satisfies(thrown -> assertThat(thrown.getMessage()).contains(parts));
    }

    @Test
    void findsATaskByItsName() {
        mail("ada@example.org");

        assertThat(sent).sent("mail.send").once();
        assertRefused(
                none -> assertThat(sent).sent("mail.sent"),
                "Expected a task mail.sent to be sent, but sent was:",
                "mail.send(to=\"ada@example.org\", copies=2) on default");
    }

    @Test
    void listsNothingWhenNothingWasSent() {
        assertRefused(none -> assertThat(sent).sent("mail.send"), "sent was: nothing");
        assertThat(sent).sentNothing().neverSent("mail.send");
    }

    @Test
    void countsTasks() {
        mail("ada@example.org");
        mail("bob@example.org");

        assertThat(sent).sentInAll(2).sent("mail.send").times(2);
        assertRefused(
                none -> assertThat(sent).sent("mail.send").once(),
                "Expected task mail.send to be sent once, but it was sent 2 times",
                "ada@example.org",
                "bob@example.org");
        assertRefused(none -> assertThat(sent).sentNothing(), "Expected 0 tasks to be sent, but there are 2");
        assertRefused(none -> assertThat(sent).neverSent("mail.send"), "Expected no task mail.send to be sent");
    }

    @Test
    void keepsTheTasksThatMatch() {
        mail("ada@example.org");
        mail("bob@example.org");

        assertThat(sent).sent("mail.send").withArg("to", "ada@example.org").once();
        assertRefused(
                none -> assertThat(sent).sent("mail.send").withArg("to", "eve@example.org"),
                "Expected task mail.send with to=\"eve@example.org\" to be sent",
                "ada@example.org");
    }

    @Test
    void comparesArgumentsAsJson() {
        mail("ada@example.org");
        celeriac.client().send("demo.add", 2, 3L, null);

        assertThat(sent)
                .sent("mail.send")
                .withArg("copies", 2)
                .withArguments(new SendEmail("ada@example.org", 2))
                .withArguments(Map.of("to", "ada@example.org", "copies", 2));
        assertThat(sent).sent("demo.add").withArg(1, 3).withArgs(2, 3, null);
        assertRefused(none -> assertThat(sent).sent("demo.add").withArg(3, 3), "with argument 3 being 3");
        assertRefused(none -> assertThat(sent).sent("demo.add").withArgs(2, 3), "with arguments [2,3]");
        assertRefused(
                none -> assertThat(sent).sent("mail.send").withArguments(Map.of("to", "ada@example.org")),
                "with arguments {");
        assertRefused(none -> assertThat(sent).sent("mail.send").withArg("from", null), "with from=null");
    }

    @Test
    void looksAtOptions() {
        mail(
                "ada@example.org",
                o -> o.queue("mails")
                        .countdown(Duration.ofMinutes(5))
                        .expires(Duration.ofHours(1))
                        .key("customer-7")
                        .priority(9)
                        .id("mail-1")
                        .label("tenant", "acme")
                        .header("origin", "shop"));

        assertThat(sent)
                .sent("mail.send")
                .once()
                .onQueue("mails")
                .afterCountdown(Duration.ofMinutes(5))
                .withEta(celeriac.clock().instant().plus(Duration.ofMinutes(5)))
                .expiringAfter(Duration.ofHours(1))
                .withKey("customer-7")
                .withPriority(9)
                .withId("mail-1")
                .withLabel("tenant", "acme")
                .withHeader("origin", "shop")
                .matching("with two arguments", task -> task.kwargs().size() == 2)
                .eachSatisfies(task -> assertThat(task.name()).isEqualTo("mail.send"));
        assertRefused(
                none -> assertThat(sent).sent("mail.send").withoutDelay(),
                "without delay",
                "on mails, after PT5M, expires after PT1H, key customer-7, priority 9, labels {tenant=acme},"
                        + " headers {origin=shop}");
    }

    @Test
    void looksAtTheTimeOfEachSend() {
        mail("ada@example.org", o -> o.countdown(Duration.ofMinutes(5)));
        celeriac.clock().advance(Duration.ofMinutes(1));
        mail("bob@example.org", o -> o.countdown(Duration.ofMinutes(5)));

        assertThat(sent).sent("mail.send").afterCountdown(Duration.ofMinutes(5)).times(2);
        assertRefused(none -> assertThat(sent).sent("mail.send").afterCountdown(Duration.ofMinutes(4)), "PT4M");
    }

    @Test
    void answersTheOnlyTask() {
        celeriac.client().send(Task.of("demo.add", 2, 3), o -> o.id("sum"));

        assertThat(assertThat(sent).sent("demo.add").single().id()).isEqualTo("sum");
        assertThat(sent).sent("demo.add").withoutDelay();
    }

    @Test
    void keepsTheDescriptionOfTheAssertion() {
        mail("ada@example.org");

        assertRefused(
                none -> assertThat(sent).as("the welcome").sent("mail.send").withArg("to", "bob"), "[the welcome]");
    }
}
