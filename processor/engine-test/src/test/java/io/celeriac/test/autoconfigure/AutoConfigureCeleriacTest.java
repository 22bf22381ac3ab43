package io.celeriac.test.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskHandle;
import io.celeriac.client.typed.Task;
import io.celeriac.client.typed.TaskCalls;
import io.celeriac.client.typed.TaskInterfaces;
import io.celeriac.client.workflow.Flow;
import io.celeriac.client.workflow.WorkflowClient;
import io.celeriac.engine.TaskHandler;
import io.celeriac.test.TaskSandbox;
import io.celeriac.test.TestClock;
import io.celeriac.test.sent.SentTasks;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

@SpringBootTest(
        properties = {
            "celeriac.client.routes[greet]=greetings",
            "celeriac.client.outbox.enabled=true",
            "celeriac.namespace=shop"
        })
@AutoConfigureCeleriac
class AutoConfigureCeleriacTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    interface Greetings extends TaskCalls<Greetings> {
        @Task("greet")
        TaskHandle<String> greet(String name);
    }

    /** A handler that sends tasks itself, as many do. */
    static class Greeter {

        private final TaskClient tasks;
        private final InstantSource clock;

        Greeter(TaskClient tasks, InstantSource clock) {
            this.tasks = tasks;
            this.clock = clock;
        }

        @TaskHandler("greet")
        String greet(String name) {
            tasks.send("greeted", name);
            return "Hello " + name + " at " + clock.instant();
        }

        @TaskHandler("greeted")
        void greeted(String name) {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Greeter greeter(TaskClient tasks, InstantSource clock) {
            return new Greeter(tasks, clock);
        }

        @Bean
        Greetings greetings(TaskClient tasks) {
            return TaskInterfaces.implement(Greetings.class, tasks);
        }
    }

    /** Transactions of nothing. */
    private static final class NoTransactions extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }

    private final Greetings greetings;
    private final TestClock clock;
    private final SentTasks sent;
    private final TaskSandbox sandbox;
    private final ApplicationContext context;

    @Autowired
    AutoConfigureCeleriacTest(
            Greetings greetings, TestClock clock, SentTasks sent, TaskSandbox sandbox, ApplicationContext context) {
        this.greetings = greetings;
        this.clock = clock;
        this.sent = sent;
        this.sandbox = sandbox;
        this.context = context;
    }

    @Test
    void runsTheHandlersOfTheApplication() throws Exception {
        assertThat(greetings.greet("Ada").get(PATIENCE)).isEqualTo("Hello Ada at " + clock.instant());
        assertThat(sent).sentInAll(2).sent("greeted").once().withArgs("Ada");
    }

    @Test
    void followsTheSettingsOfTheApplication() {
        var receipt = greetings.greet("Ada").receipt().join();

        assertThat(receipt.queue()).isEqualTo("greetings");
        assertThat(sent).sent("greet").once().onQueue("greetings");
    }

    @Test
    void beginsEachTestWithoutTasks() {
        assertThat(sent).sentNothing();
        greetings.with(o -> o.countdown(Duration.ofMinutes(5))).greet("Bob");
        assertThat(sandbox.held()).hasSize(1);

        clock.advance(Duration.ofMinutes(5));

        assertThat(sent).sent("greeted").once();
    }

    @Test
    void sendsFromTheOutboxAfterTheCommit() {
        var transaction = new TransactionTemplate(new NoTransactions());
        List<Integer> during = new ArrayList<>();

        transaction.executeWithoutResult(status -> {
            greetings.with(o -> o.outbox()).greet("Ada");
            during.add(sent.all().size());
        });
        transaction.executeWithoutResult(status -> {
            greetings.with(o -> o.outbox()).greet("Bob");
            status.setRollbackOnly();
        });

        assertThat(during).containsExactly(0);
        assertThat(sent).sent("greet").once().withArg("name", "Ada");
    }

    @Test
    void runsWorkflows() throws Exception {
        var both = context.getBean(WorkflowClient.class)
                .send(Flow.group(Flow.task("greet", "Ada"), Flow.task("greet", "Bob")));

        assertThat(both.get(PATIENCE)).hasSize(2);
        assertThat(sent).sent("greet").times(2);
    }

    @Test
    void makesNoClientOfABroker() {
        assertThat(context.getBeansOfType(Producer.class)).isEmpty();
        assertThat(context.getBeanDefinitionNames()).doesNotContain("worker", "taskOutbox");
    }
}
