package io.celeriac.client.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskDefaults;
import io.celeriac.client.TaskHandle;
import io.celeriac.client.TaskOptions;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskInterfacesTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final TaskClient client =
            new TaskClient(new TaskSender(producer, new Topics("celeriac"), InstantSource.fixed(NOW)));

    interface Mails extends TaskCalls<Mails> {

        @Task(value = "mail.send", queue = "mail", priority = 3, expires = "PT1H")
        TaskHandle<String> send(String to, @Nullable String subject);

        @Task("mail.send_all")
        TaskHandle<List<String>> sendAll(List<String> to);

        default TaskHandle<String> greet(String to) {
            return send(to, "Hello");
        }
    }

    @Test
    void sendsArgumentsByTheNamesOfParameters() {
        var mails = TaskInterfaces.implement(Mails.class, client);

        var handle = mails.send("ada@example.org", null);

        var record = producer.history().get(0);
        var task = TaskJson.task(record.value());
        assertThat(record.topic()).isEqualTo("celeriac.tasks.mail");
        assertThat(task.id()).isEqualTo(handle.id());
        assertThat(task.kwargs()).hasToString("{to=\"ada@example.org\", subject=null}");
        assertThat(task.priority()).isEqualTo(3);
        assertThat(task.expires()).isEqualTo(NOW.plusSeconds(3600));
        assertThat(handle.receipt()).isCompleted();
    }

    @Test
    void takesOptionsForOneCall() {
        var mails = TaskInterfaces.implement(Mails.class, client);

        mails.with(o -> o.key("customer-7"))
                .with(o -> o.countdown(Duration.ofMinutes(5)).priority(9))
                .send("ada", "Hi");
        mails.send("bob", "Hi");

        var first = TaskJson.task(producer.history().get(0).value());
        assertThat(first.key()).isEqualTo("customer-7");
        assertThat(first.eta()).isEqualTo(NOW.plusSeconds(300));
        assertThat(first.priority()).isEqualTo(9);
        assertThat(TaskJson.task(producer.history().get(1).value()).key()).isNull();
    }

    @Test
    void putsConfigurationBeforeTheAnnotation() {
        var configured = client.with(new TaskDefaults(
                Map.of(), Map.of("mail.send", TaskOptions.NONE.queue("slow").priority(1))));

        TaskInterfaces.implement(Mails.class, configured).send("ada", "Hi");

        assertThat(producer.history().get(0).topic()).isEqualTo("celeriac.tasks.slow");
        assertThat(TaskJson.task(producer.history().get(0).value()).priority()).isEqualTo(1);
    }

    @Test
    void callsDefaultMethodsAndThoseOfObject() {
        var mails = TaskInterfaces.implement(Mails.class, client);

        mails.greet("ada");
        mails.sendAll(List.of("ada", "bob"));

        assertThat(TaskJson.task(producer.history().get(0).value()).kwargs())
                .hasToString("{to=\"ada\", subject=\"Hello\"}");
        assertThat(TaskJson.task(producer.history().get(1).value()).kwargs()).hasToString("{to=[\"ada\",\"bob\"]}");
        assertThat(Set.of(mails)).contains(mails).doesNotContain(TaskInterfaces.implement(Mails.class, client));
        assertThat(mails).hasToString("tasks of " + Mails.class.getName()).hasSameHashCodeAs(mails);
    }

    interface Unmarked {
        TaskHandle<String> send(String to);
    }

    interface WrongName {
        @Task("no spaces")
        TaskHandle<String> send(String to);
    }

    interface WrongReturn {
        @Task("mail.send")
        String send(String to);
    }

    @Test
    void namesTheMethodThatCannotBeCalled() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskInterfaces.implement(Unmarked.class, client))
                .withMessage(Unmarked.class.getName() + ".send has no @Task");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskInterfaces.implement(WrongName.class, client))
                .withMessageContaining("WrongName.send has a @Task that is wrong: task must match");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskInterfaces.implement(WrongReturn.class, client))
                .withMessageEndingWith("send must return a TaskHandle");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TaskInterfaces.implement(String.class, client))
                .withMessage("java.lang.String must be an interface");
    }

    @Test
    void refusesATaskThatBreaksTheContract() {
        var mails = TaskInterfaces.implement(Mails.class, client);

        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> mails.with(o -> o.id("a b")).send("ada", "Hi"));
    }
}
