package com.example.mailer;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.client.TaskClient;
import io.celeriac.test.autoconfigure.AutoConfigureCeleriac;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
@AutoConfigureCeleriac
class MailerApplicationTest {

    @Test
    void sendsTheNewsletter(@Autowired TaskClient tasks) throws Exception {
        assertThat(tasks.send("mail.newsletter").get(Duration.ofSeconds(10))).isNull();
    }
}
