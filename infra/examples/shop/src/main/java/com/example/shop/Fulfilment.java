package com.example.shop;

import io.celeriac.client.workflow.Flow;
import io.celeriac.client.workflow.WorkflowClient;
import io.celeriac.client.workflow.WorkflowHandle;
import java.util.Map;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/** Fulfils orders: takes the money and the goods at the same time, then ships, then tells the customer. */
@Service
public class Fulfilment {

    private final WorkflowClient workflows;

    public Fulfilment(WorkflowClient workflows) {
        this.workflows = workflows;
    }

    /**
     * Begins to fulfil an order. A second call for the same number does nothing.
     *
     * @return whose result is the id of the last mail
     */
    public WorkflowHandle<JsonNode> fulfil(String number, Order order) {
        var charge = Flow.task("payment.charge", order.email(), order.price());
        var reserve = Flow.task("stock.reserve", order.item());
        var ship = Flow.task("parcel.ship", order.email()).onQueue("parcels"); // gets the receipt and the shelf
        var tell = Flow.task("mail.shipped", order.email()).onQueue("mails"); // gets the number of the parcel
        var apologize = Flow.task("mail.apologize", order.email(), order.item()).onQueue("mails"); // gets the error
        return workflows.send(
                Flow.group(charge, reserve).then(ship).then(tell).onFailure(apologize),
                options -> options.id("order-" + number).name("fulfilment").labels(Map.of("customer", order.email())));
    }
}
