package com.example.shop;

import io.celeriac.client.TaskHandle;
import io.celeriac.client.typed.Task;
import io.celeriac.client.typed.TaskCalls;

/** The tasks of the mailer. */
public interface Mails extends TaskCalls<Mails> {

    /** Answers the id of the message. */
    @Task(value = "mail.confirm", queue = "mails")
    TaskHandle<String> confirm(String to, Order order);

    /** Asks for a review of what was ordered. */
    @Task(value = "mail.ask-for-review", queue = "mails", expires = "P7D")
    TaskHandle<Void> askForReview(String to, String item);
}
