package com.example.shop;

import io.celeriac.client.TaskClient;
import io.celeriac.contract.task.TaskState;
import java.time.Duration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders. */
@RestController
public class OrderController {

    private static final Duration TIME_TO_TRY_IT = Duration.ofDays(3);

    private final Mails mails;
    private final TaskClient tasks;
    private final Fulfilment fulfilment;

    public OrderController(Mails mails, TaskClient tasks, Fulfilment fulfilment) {
        this.mails = mails;
        this.tasks = tasks;
        this.fulfilment = fulfilment;
    }

    /** Answers the id of the confirmation. */
    @PostMapping("/orders")
    public String order(@RequestBody Order order) {
        var confirmation = mails.confirm(order.email(), order);
        mails.with(options -> options.countdown(TIME_TO_TRY_IT).key(order.email()))
                .askForReview(order.email(), order.item());
        return confirmation.id();
    }

    /** Answers the id of the workflow. */
    @PostMapping("/orders/{number}/fulfilment")
    public String fulfil(@PathVariable String number, @RequestBody Order order) {
        return fulfilment.fulfil(number, order).id();
    }

    /** How far a confirmation is. */
    @GetMapping("/confirmations/{id}")
    public TaskState confirmation(@PathVariable String id) {
        return tasks.handle(id).state();
    }
}
