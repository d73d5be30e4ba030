"""Runs inside Tryton's own environment: a company, an article in stock, and users with REST keys.

usage: python master_data.py CONFIG DATABASE    prints JSON: keys by login, and the ids that orders need
"""

# mypy: ignore-errors
import datetime as dt
import json
import os
import sys
from decimal import Decimal

from proteus import Model
from proteus import config as proteus_config

config_file, database = sys.argv[1:3]
session = proteus_config.set_trytond(f"sqlite:///{database}", config_file=os.path.abspath(config_file))
session.skip_warning = True

from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts  # noqa: E402
from trytond.modules.account_invoice.tests.tools import (  # noqa: E402
    create_payment_term,
    set_fiscalyear_invoice_sequences,
)
from trytond.modules.company.tests.tools import create_company, get_company  # noqa: E402

GROUPS = {"throughline": ["Sales"], "finance": ["Sales", "Payment"], "blind": ["Stock"], "staff": None}
"""Throughline's service users for warehouse and finance, one without the right to sales, and one with all rights."""


def made(model, **values):
    record = Model.get(model)(**values)
    record.save()
    return record


def accounting():
    create_company(currency="EUR")
    create_chart()
    today = dt.date.today()  # noqa: DTZ011  (the day of this machine, as Tryton has it)
    year = set_fiscalyear_invoice_sequences(create_fiscalyear(today=(today, today)))
    year.click("create_period")
    journal = made("account.payment.journal", name="Card refunds", process_method="manual")
    term = create_payment_term()
    term.save()
    return term, journal


def article():
    accounts = get_accounts()
    category = made(
        "product.category",
        name="Shoes",
        accounting=True,
        account_expense=accounts["expense"],
        account_revenue=accounts["revenue"],
    )
    (unit,) = Model.get("product.uom").find([("name", "=", "Unit")])
    template = made(
        "product.template",
        name="Trail shoes",
        code="TS-42",
        default_uom=unit,
        type="goods",
        salable=True,
        list_price=Decimal("84.90"),
        account_category=category,
        cost_price_method="fixed",
    )
    (shoes,) = template.products
    shoes.cost_price = Decimal("40")
    shoes.save()
    (storage,) = Model.get("stock.location").find([("code", "=", "STO")])
    stock = Model.get("stock.inventory")(location=storage)
    line = stock.lines.new(product=shoes)
    line.quantity, line.expected_quantity = 5000, 0
    stock.click("confirm")
    return shoes


def users(company):
    keys = {}
    for login, groups in GROUPS.items():
        user = Model.get("res.user")(name=login.title(), login=login, password=f"{login}-pw-1")
        user.companies.append(Model.get("company.company")(company.id))
        for group in Model.get("res.group").find([("name", "in", groups)] if groups else []):
            user.groups.append(group)
        user.save()
        user.company = Model.get("company.company")(company.id)
        user.save()
        keys[login] = made("res.user.application", user=user, application="rest").key
    return keys


def main():
    term, journal = accounting()
    shoes = article()
    company = get_company()
    (sales,) = Model.get("res.group").find([("name", "=", "Sales")], limit=1)
    print(
        json.dumps(
            {
                "keys": users(company),
                "company": company.id,
                "payment_term": term.id,
                "payment_journal": journal.id,
                "product": shoes.id,
                "unit": shoes.default_uom.id,
                "sales_group": sales.id,
                "blank_group": made("res.group", name="No rights").id,
            }
        )
    )


main()
