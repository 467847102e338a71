"""pyHanko's word on a paper, for PaperTests: it shares no code with us and knows ETSI's rules for PDF.

    papers.py verdict ROOT PAPER         what pyHanko finds, a line of key=value
    papers.py evidence ROOT PAPER OUT CRL...
                                         the same paper with certificates and lists behind it (PAdES B-LT)
"""
import sys

from asn1crypto import crl, pem
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext


def verdict(root, paper):
    context = ValidationContext(trust_roots=[load_cert_from_pemder(root)], allow_fetching=False)
    with open(paper, "rb") as file:
        signatures = PdfFileReader(file).embedded_signatures
        assert len(signatures) == 1, f"{len(signatures)} signatures"
        found = validate_pdf_signature(signatures[0], context)
    stamp = found.timestamp_validity
    print(
        f"ok={found.bottom_line} summary={found.summary()} coverage={found.coverage.name} docmdp={found.docmdp_ok}"
        f" level={found.modification_level.name if found.modification_level else None}"
        f" stamp={stamp.summary() if stamp else None}"
    )


def evidence(root, paper, out, *lists):
    def read(path):
        data = open(path, "rb").read()
        return crl.CertificateList.load(pem.unarmor(data)[2] if pem.detect(data) else data)

    with open(paper, "rb") as file:
        writer = IncrementalPdfFileWriter(file)
        signature = writer.prev.embedded_signatures[0]
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            signature.pkcs7_content.hex().encode("ascii"),
            certs=[signature.signer_cert, *signature.other_embedded_certs],
            crls=[read(path) for path in lists],
        )
        with open(out, "wb") as result:
            writer.write(result)


{"verdict": verdict, "evidence": evidence}[sys.argv[1]](*sys.argv[2:])
