package com.example.mailer;

import io.celeriac.contract.task.Backoff;
import io.celeriac.engine.PeriodicTask;
import io.celeriac.engine.Retry;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskHandler;
import java.math.BigDecimal;
import org.springframework.stereotype.Component;

/** Sends mails. */
@Component
public class MailHandlers {

    /** What a confirmation needs to know of an order. */
    public record Order(String item, BigDecimal price) {}

    private final MailServer server;

    public MailHandlers(MailServer server) {
        this.server = server;
    }

    @TaskHandler(
            value = "mail.confirm",
            retry =
                    @Retry(
                            maxAttempts = 5,
                            on = MailServerBusyException.class,
                            backoff = Backoff.Kind.EXPONENTIAL,
                            delay = "PT10S"))
    public String confirm(String to, Order order, TaskContext context) {
        return server.deliver(
                context.idempotencyKey(), to, "You have ordered " + order.item() + " for " + order.price());
    }

    @TaskHandler("mail.ask-for-review")
    public void askForReview(String to, String item, TaskContext context) {
        server.deliver(context.idempotencyKey(), to, "How do you like your " + item + "?");
    }

    @TaskHandler("mail.newsletter")
    @PeriodicTask(crontab = "0 8 * * MON", zone = "Europe/Berlin")
    public void newsletter(TaskContext context) {
        server.deliver(context.idempotencyKey(), "subscribers@example.org", "New in the shop");
    }
}
