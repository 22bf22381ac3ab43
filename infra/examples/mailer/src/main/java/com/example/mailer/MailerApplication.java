package com.example.mailer;

import java.util.logging.Logger;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A worker that sends mails. */
@SpringBootApplication
public class MailerApplication {

    public static void main(String[] args) {
        SpringApplication.run(MailerApplication.class, args);
    }

    /** Stands for a mail server. */
    @Bean
    MailServer mailServer() {
        var log = Logger.getLogger(MailServer.class.getName());
        return (key, to, subject) -> {
            log.info("to " + to + ": " + subject);
            return "message-" + key;
        };
    }
}
