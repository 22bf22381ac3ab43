package com.example.mailer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.example.shop.Mails;
import com.example.shop.Order;
import io.celeriac.client.RemoteTaskException;
import io.celeriac.test.TaskSandbox;
import io.celeriac.test.TestClock;
import io.celeriac.test.junit.CeleriacExtension;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MailHandlersTest {

    private static final Order PEN = new Order("ada@example.org", "pen", new BigDecimal("1.20"));
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<String> delivered = new ArrayList<>();
    private int busyFor;

    @RegisterExtension
    final CeleriacExtension celeriac = CeleriacExtension.inline(new MailHandlers(this::deliver));

    private String deliver(String key, String to, String subject) {
        if (busyFor-- > 0) {
            throw new MailServerBusyException();
        }
        delivered.add(to + ": " + subject);
        return "message-" + key;
    }

    @Test
    void confirmsAnOrder(Mails mails) throws Exception {
        var confirmation = mails.confirm("ada@example.org", PEN);

        assertThat(confirmation.get(PATIENCE)).isEqualTo("message-mails/" + confirmation.id());
        assertThat(delivered).containsExactly("ada@example.org: You have ordered pen for 1.20");
    }

    @Test
    void triesAgainWhileTheServerIsBusy(Mails mails) throws Exception {
        busyFor = 4;

        assertThat(mails.confirm("ada@example.org", PEN).get(PATIENCE)).startsWith("message-");
    }

    @Test
    void givesUpAfterFiveAttempts(Mails mails, TaskSandbox sandbox) {
        busyFor = 5;

        var confirmation = mails.confirm("ada@example.org", PEN);

        assertThatExceptionOfType(RemoteTaskException.class)
                .isThrownBy(() -> confirmation.get(PATIENCE))
                .returns(MailServerBusyException.class.getName(), RemoteTaskException::type);
        assertThat(sandbox.deadLetters()).hasSize(1);
    }

    @Test
    void asksForAReviewThreeDaysLater(Mails mails, TestClock clock) {
        mails.with(options -> options.countdown(Duration.ofDays(3))).askForReview("ada@example.org", "pen");
        assertThat(delivered).isEmpty();

        clock.advance(Duration.ofDays(3));

        assertThat(delivered).containsExactly("ada@example.org: How do you like your pen?");
    }

    @Test
    void takesWhatTheShopSends(TaskSandbox sandbox) {
        sandbox.assertHandlersMatch(Mails.class);
    }
}
