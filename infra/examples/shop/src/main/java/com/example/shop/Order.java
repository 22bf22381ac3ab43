package com.example.shop;

import java.math.BigDecimal;

/**
 * An order.
 *
 * @param email of the customer
 */
public record Order(String email, String item, BigDecimal price) {}
