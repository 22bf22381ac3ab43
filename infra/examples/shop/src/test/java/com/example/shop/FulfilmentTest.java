package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.client.RemoteTaskException;
import io.celeriac.client.workflow.WorkflowClient;
import io.celeriac.engine.Retry;
import io.celeriac.engine.TaskHandler;
import io.celeriac.test.TaskSandbox;
import io.celeriac.test.junit.CeleriacExtension;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class FulfilmentTest {

    private static final Order PEN = new Order("ada@example.org", "pen", new BigDecimal("1.20"));
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final OtherServices others = new OtherServices();

    @RegisterExtension
    final CeleriacExtension celeriac = CeleriacExtension.inline(others);

    @Test
    void shipsWhatIsPaidAndTellsTheCustomer(WorkflowClient workflows) throws Exception {
        var order = new Fulfilment(workflows).fulfil("4711", PEN);

        assertThat(order.get(PATIENCE).stringValue()).isEqualTo("mail to ada@example.org");
        assertThat(others.done)
                .containsExactly("charged 1.20", "reserved pen", "shipped for [receipt, shelf 3]", "told of parcel-1");
    }

    @Test
    void apologizesAndShipsNothingWhenTheGoodsAreGone(WorkflowClient workflows) {
        others.isSoldOut = true;

        var order = new Fulfilment(workflows).fulfil("4711", PEN);

        assertThatExceptionOfType(RemoteTaskException.class)
                .isThrownBy(() -> order.get(PATIENCE))
                .withMessageContaining("no pen is left");
        assertThat(others.done).containsExactly("charged 1.20", "apologized: no pen is left");
    }

    @Test
    void fulfilsAnOrderOnce(WorkflowClient workflows, TaskSandbox sandbox) {
        var fulfilment = new Fulfilment(workflows);

        fulfilment.fulfil("4711", PEN);
        fulfilment.fulfil("4711", PEN);

        assertThat(others.done).hasSize(4);
        assertThat(sandbox.sentWorkflows()).allSatisfy(workflow -> {
            assertThat(workflow.id()).isEqualTo("order-4711");
            assertThat(workflow.labels()).containsEntry("customer", "ada@example.org");
        });
    }

    /** Stands for the workers of other teams. */
    static final class OtherServices {

        private final List<String> done = new ArrayList<>();
        private boolean isSoldOut;

        @TaskHandler("payment.charge")
        String charge(String email, BigDecimal amount) {
            done.add("charged " + amount);
            return "receipt";
        }

        @TaskHandler(value = "stock.reserve", retry = @Retry(maxAttempts = 1))
        String reserve(String item) {
            if (isSoldOut) {
                throw new IllegalStateException("no " + item + " is left");
            }
            done.add("reserved " + item);
            return "shelf 3";
        }

        @TaskHandler("parcel.ship")
        String ship(List<String> receiptAndShelf, String email) {
            done.add("shipped for " + receiptAndShelf);
            return "parcel-1";
        }

        @TaskHandler("mail.shipped")
        String tell(String parcel, String email) {
            done.add("told of " + parcel);
            return "mail to " + email;
        }

        @TaskHandler("mail.apologize")
        void apologize(JsonNode failure, String email, String item) {
            done.add("apologized: " + failure.at("/error/message").stringValue());
        }
    }
}
