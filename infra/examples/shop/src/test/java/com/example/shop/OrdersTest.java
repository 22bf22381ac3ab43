package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.task.TaskState;
import io.celeriac.test.autoconfigure.AutoConfigureCeleriac;
import io.celeriac.test.autoconfigure.AutoConfigureCeleriac.Mode;
import io.celeriac.test.sent.SentTasks;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
@AutoConfigureCeleriac(mode = Mode.RECORDING)
class OrdersTest {

    private static final Order PEN = new Order("ada@example.org", "pen", new BigDecimal("1.20"));

    @Test
    void sendsAConfirmationAtOnce(@Autowired OrderController orders, @Autowired SentTasks sent) {
        var id = orders.order(PEN);

        assertThat(sent)
                .sent("mail.confirm")
                .once()
                .onQueue("mails")
                .withId(id)
                .withArg("to", "ada@example.org")
                .withArg("order", PEN)
                .withoutDelay();
        assertThat(orders.confirmation(id)).isEqualTo(TaskState.PENDING);
    }

    @Test
    void asksForAReviewAfterThreeDays(@Autowired OrderController orders, @Autowired SentTasks sent) {
        orders.order(PEN);

        assertThat(sent)
                .sent("mail.ask-for-review")
                .once()
                .withKey("ada@example.org")
                .afterCountdown(Duration.ofDays(3))
                .expiringAfter(Duration.ofDays(7));
    }
}
