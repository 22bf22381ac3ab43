package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.testcontainers.junit.jupiter.Testcontainers;

@SpringBootTest
@Import(Servers.class)
@Testcontainers(disabledWithoutDocker = true)
class OrdersIT {

    private static final Order PEN = new Order("ada@example.org", "pen", new BigDecimal("1.20"));

    @Test
    void sendsATaskToARealBroker(@Autowired Mails mails) throws Exception {
        var confirmation = mails.confirm("ada@example.org", PEN);

        assertThat(confirmation.receipt().get(1, TimeUnit.MINUTES).offset()).isNotNegative();
    }
}
